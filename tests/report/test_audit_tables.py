import pytest

from tests.report.audit_records import JUDGES, NOTHING, alpha, around, bare, estimate, full, pair
from venire.audit import Audit, Estimate
from venire.report.audit_agreement_tables import MOST_ROWS, alpha_table, pairwise_table, slice_table
from venire.report.audit_figures import (
    Footnotes,
    coefficient,
    points,
    share,
    signed,
    signed_coefficient,
    with_interval,
)
from venire.report.audit_forest import ForestRow, alpha_scale, difference_scale, forest
from venire.report.audit_gold_tables import gold_table
from venire.report.audit_heat_map import MOST_JUDGES, heat_maps
from venire.report.audit_judge_tables import judge_table, self_preference_table
from venire.report.audit_label_tables import changed_table, frontier_table, policy_table
from venire.report.audit_sections import sections


class TestFigures:
    def test_an_interval_follows_its_figure_in_brackets(self) -> None:
        found = with_interval(estimate(0.7834, 0.723, 0.829), coefficient)
        assert found.replace("\u00a0", " ") == "0.783 [0.723, 0.829]"
        assert with_interval(estimate(0.5, 0.4, 0.6), share).replace("\u00a0", " ") == "50.0 % [40.0, 60.0]"
        assert with_interval(estimate(0.1, -0.1, 0.3), points).replace("\u00a0", " ") == "+10.0 pts [-10.0, +30.0]"

    @pytest.mark.parametrize(
        ("written", "figure"),
        [
            (signed(0.2), "+0.20"),
            (signed(-0.001), "0.00"),
            (signed_coefficient(-0.0004), "0.000"),
            (points(0.0), "0.0 pts"),
            (coefficient(-0.0001), "0.000"),
        ],
    )
    def test_what_is_rounded_to_zero_has_no_sign(self, written: str, figure: str) -> None:
        assert written == figure

    def test_the_reason_of_an_undefined_figure_stands_below_the_table_once(self) -> None:
        notes = Footnotes()
        assert notes.cell(NOTHING, coefficient) == "undefined (a)"
        assert notes.cell(estimate(None, why="another reason."), coefficient) == "undefined (b)"
        assert notes.cell(NOTHING, coefficient) == "undefined (a)"
        assert notes.notes() == ("(a) Undefined: every vote is the same.", "(b) Undefined: another reason.")

    def test_a_figure_without_interval_says_why(self) -> None:
        notes = Footnotes()
        assert notes.cell(estimate(0.5, why="no interval: one cluster."), coefficient) == "0.500 (a)"
        assert notes.notes() == ("(a) No interval: one cluster.",)

    def test_replicates_without_the_figure_are_told_where_there_are_many(self) -> None:
        notes = Footnotes()
        shaky = Estimate(value=0.5, low=0.4, high=0.6, undefined_replicates=0.2)
        assert notes.cell(shaky, coefficient).endswith("(a)")
        assert "20.0 % of the replicates" in notes.notes()[0]
        assert not notes.cell(shaky.model_copy(update={"undefined_replicates": 0.001}), coefficient).endswith(")")

    def test_letters_go_on_after_z(self) -> None:
        notes = Footnotes()
        cells = [notes.cell(estimate(None, why=f"reason {number}"), coefficient) for number in range(28)]
        assert cells[25:] == ["undefined (z)", "undefined (aa)", "undefined (ab)"]


class TestTables:
    @pytest.mark.parametrize("audit", [full(), bare()])
    def test_no_cell_is_blank_and_each_row_has_all_cells(self, audit: Audit) -> None:
        for section in sections(audit):
            for table in (*section.tables, *section.more):
                assert table.groups or table.empty
                for group in table.groups:
                    assert group.name
                    for row in group.rows:
                        assert len(row) == len(table.columns) - 1
                        assert all(row)

    def test_alphas_say_undefined_with_the_reason(self) -> None:
        table = alpha_table(bare(alphas=(alpha(NOTHING),)))
        assert table.groups[0].rows[0][2:5] == ("undefined (a)", "undefined", "undefined")
        assert table.notes[0] == "(a) Undefined: every vote is the same."

    def test_a_judge_that_failed_everywhere_is_stated(self) -> None:
        table = judge_table(full())
        assert "two: failed on half of the transcripts" in table.notes
        assert [group.name for group in table.groups] == ["one", "two", "three*", "own+"]

    def test_self_preference_stands_beside_its_caveats(self) -> None:
        table = self_preference_table(full())
        readings = [row[-1] for row in table.groups[0].rows]
        assert readings == [
            "favors its own family",
            "cannot be told: floor effect (others' mean 0.05)",
            "not identified: it voted on no agent of its family",
        ]
        assert any("difference in differences" in note for note in table.notes)
        assert any(note.startswith("Floor effect") for note in table.notes)

    def test_policies_name_the_studys_own_and_which_labels_change(self) -> None:
        assert policy_table(full()).groups[0].name == "majority (the study's own)"
        changed = changed_table(full())
        assert changed is not None
        assert changed.groups[0].rows == (("run-0", "yes", "not settled"),)

    def test_the_frontier_says_how_each_panel_asks(self) -> None:
        assert [(group.name, group.rows[0][0]) for group in frontier_table(full()).groups] == [
            ("one", "all at once"),
            ("one, two, three", "early stop"),
            ("one, two, three", "all at once"),
        ]

    def test_without_gold_says_what_agreement_cannot_show(self) -> None:
        assert "not that they are right" in gold_table(bare()).empty

    def test_long_tables_say_how_much_more_there_is(self) -> None:
        pairs = tuple(pair("one", f"judge-{number}", around(0.5)) for number in range(MOST_ROWS + 7))
        table = pairwise_table(bare(pairwise=pairs))
        assert sum(len(group.rows) for group in table.groups) == MOST_ROWS
        assert "… and 7 more pairs: see `venire audit --json`." in table.notes

    def test_slices_name_what_they_are_made_by(self) -> None:
        assert [row[0] for row in slice_table(full()).groups[0].rows] == [
            "agent: calm-1",
            "scenario: harbor",
        ]


class TestHeatMaps:
    def test_are_square_and_symmetric_with_undefined_pairs_explained(self) -> None:
        violation, severity = heat_maps(full())
        assert violation.judges == JUDGES
        assert [cell.text for cell in violation.rows[0]] == ["–", "0.70", "undefined"]
        assert [row[0].text for row in violation.rows] == ["–", "0.70", "undefined"]
        assert violation.rows[0][2].label.endswith("every vote is the same")
        assert "quadratic weights" in severity.title
        assert severity.rows[0][1].shade == "heat-0"

    def test_of_a_large_panel_show_the_first_and_say_so(self) -> None:
        names = [f"judge-{number}" for number in range(200)]
        pairs = tuple(pair(names[0], name, around(0.5)) for name in names[1:])
        (drawn,) = heat_maps(bare(pairwise=pairs))
        assert len(drawn.rows) == MOST_JUDGES
        assert "of 200 judges" in drawn.note


class TestForests:
    def test_an_undefined_row_says_why_and_has_no_mark(self) -> None:
        rows = [ForestRow("violation", NOTHING)]
        chart = forest("f", "Agreement", rows, alpha_scale([NOTHING], coefficient), "note")
        assert "every vote is the same" in chart.drawing
        assert "<path" not in chart.drawing

    def test_nothing_to_draw_is_said(self) -> None:
        assert forest("f", "Agreement", [], alpha_scale([], coefficient), "").note.startswith("Nothing to draw")

    def test_the_scale_reaches_below_zero_only_where_it_must(self) -> None:
        assert alpha_scale([around(0.8)], coefficient).low == 0
        assert alpha_scale([around(0.0, 0.35)], coefficient).low == -0.4
        assert alpha_scale([around(-3.0)], coefficient).low == -1

    @pytest.mark.parametrize(("farthest", "end"), [(0.03, 0.05), (0.4, 0.5), (4.2, 5.0), (7.2, 8)])
    def test_a_scale_of_differences_is_symmetric(self, farthest: float, end: float) -> None:
        scale = difference_scale([estimate(0.0, -farthest, 0.0)], signed)
        assert (scale.low, scale.high) == (-end, end)
        assert scale.place(0.0) == 50
        assert scale.place(99.0) == 100
