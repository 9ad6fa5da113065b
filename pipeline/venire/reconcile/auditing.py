"""Auditing: everything an audit holds, from the same case that labels are settled from."""

from venire.audit import Audit, Settings
from venire.reconcile.alphas import alpha_estimates, leave_one_out
from venire.reconcile.disputed import disputed
from venire.reconcile.gold import gold_audits
from venire.reconcile.judge_statistics import judge_audits
from venire.reconcile.measuring import Case
from venire.reconcile.pairs import contrasts, generations
from venire.reconcile.pairwise import pairwise
from venire.reconcile.planner import plans
from venire.reconcile.policies import policies
from venire.reconcile.repeats import noise_ceilings, repeat_audits
from venire.reconcile.sample import draw_up
from venire.reconcile.self_aware import self_aware
from venire.reconcile.self_preference import self_preferences
from venire.reconcile.settler import Settler
from venire.reconcile.settling import settle, values_by_transcript
from venire.reconcile.statements import statements


def audit(case: Case) -> Audit:
    """Measure how far the panel of a case can be trusted, every figure from the same resamples."""
    sample = draw_up(case)
    settler = Settler(sample)
    labels = settle(sample.ballots, case.settlement)
    violations = sample.values(dict(values_by_transcript(labels, "violation")))
    severities = sample.values(dict(values_by_transcript(labels, "severity")))
    return Audit(
        settings=Settings(
            policy=case.settlement.describe(),
            rubric=f"{case.rubric.id} {case.rubric.version}",
            cluster=case.bootstrap.cluster,
            clusters=sample.clusters,
            replicates=case.bootstrap.replicates,
            seed=case.bootstrap.seed,
            transcripts=len(sample.subjects),
            judges=sample.judges,
        ),
        statements=tuple(statements(sample, settler)),
        alphas=tuple(alpha_estimates(sample)),
        leave_one_out=tuple(leave_one_out(sample)),
        pairwise=tuple(pairwise(sample)),
        judges=tuple(judge_audits(sample, settler)),
        repeats=tuple(repeat_audits(sample)),
        noise_ceilings=tuple(noise_ceilings(sample)),
        self_preference=tuple(self_preferences(sample)),
        gold_name=case.reference_name if case.reference else "",
        gold=tuple(gold_audits(sample, labels)),
        self_aware=tuple(self_aware(sample, violations)),
        contrasts=tuple(contrasts(sample, violations)),
        generations=tuple(generations(sample, violations, severities)),
        policies=tuple(policies(sample, settler)),
        planner=tuple(plans(sample, settler)),
        disputed=tuple(disputed(sample, labels)),
    )
