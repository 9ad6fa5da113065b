import re
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.report.records import HOSTILE, agreement, alpha, awareness, hostile, rate, severity, two_agents
from venire.agreement import Agreement
from venire.report import svg
from venire.report.alpha_chart import alpha_chart
from venire.report.chart import Chart
from venire.report.rate_chart import rate_chart
from venire.report.stack_chart import awareness_chart, severity_chart

SVG = "{http://www.w3.org/2000/svg}"
CHARTS = (rate_chart, alpha_chart, severity_chart, awareness_chart)


def parse(chart: Chart) -> Element:
    """The drawing as XML: our own markup, so the parser meets nothing from outside but text."""
    return fromstring(chart.drawing)  # noqa: S314


def classes(chart: Chart, tag: str) -> list[str]:
    return [element.get("class", "") for element in parse(chart).iter(SVG + tag)]


def places(chart: Chart, attribute: str, tag: str) -> list[float]:
    found = [element.get(attribute, "").removesuffix("%") for element in parse(chart).iter(SVG + tag)]
    return [float(place) for place in found if place and place != "100"]


def many_agents() -> Agreement:
    names = [f"agent-{number}" for number in range(60)]
    return agreement(
        violation_rates=tuple(rate(number % 9, 9, name) for number, name in enumerate(names)),
        severities=tuple(severity({"0": 3, "5": 2}, name) for name in names),
        awareness=tuple(awareness({"aware": 1}, name) for name in names),
        alphas=(alpha(0.9),),
    )


@pytest.mark.parametrize("measured", [two_agents(), hostile(), many_agents()], ids=["two agents", "hostile", "sixty"])
@pytest.mark.parametrize("draw", CHARTS)
def test_a_drawing_is_xml_with_a_title_and_a_description(draw: object, measured: Agreement) -> None:
    assert callable(draw)
    root = parse(draw(measured))
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (SVG + "title", SVG + "desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text
    assert description.text


@pytest.mark.parametrize("draw", CHARTS)
def test_nothing_to_draw_is_explained(draw: object) -> None:
    assert callable(draw)
    chart = draw(agreement())
    assert chart.drawing == ""
    assert chart.note


@pytest.mark.parametrize("draw", CHARTS)
def test_every_element_is_one_of_ours(draw: object) -> None:
    assert callable(draw)
    known = {SVG + tag for tag in ("svg", "title", "desc", "line", "rect", "path", "text")}
    assert {element.tag for element in parse(draw(hostile())).iter()} <= known


def test_each_condition_has_a_mark_of_its_own_at_its_rate() -> None:
    chart = rate_chart(two_agents())
    assert [key.meaning for key in chart.legend] == ["calm", "storm"]
    assert classes(chart, "path").count("mark series-0") == 2
    # bee, 9 of 20 = 45 %, and ant, 3 of 20 = 15 %, on an axis that ends at 60 %: the highest interval ends at 55 %.
    marks = [element.get("x") for element in parse(chart).iter(SVG + "svg") if element.get("x")]
    assert marks == ["75.00%", "75.00%", "25.00%", "25.00%"]


def test_without_conditions_the_mark_is_that_of_all_runs() -> None:
    chart = rate_chart(agreement(violation_rates=(rate(1, 4), rate(1, 4, "ant"))))
    assert [key.meaning for key in chart.legend] == ["all conditions"]
    assert classes(chart, "path") == ["mark series-0"]


def test_more_conditions_than_shapes_are_left_to_the_table() -> None:
    rates = [rate(1, 4, "ant"), *(rate(1, 4, "ant", f"condition {number}") for number in range(5))]
    chart = rate_chart(agreement(violation_rates=tuple(rates)))
    assert len(classes(chart, "path")) == 1
    assert "5 conditions are too many to draw" in chart.note


def test_an_agent_without_a_settled_label_says_so_in_its_row() -> None:
    chart = rate_chart(agreement(violation_rates=(rate(1, 4, "ant"), rate(0, 0, "bee"))))
    assert "no settled label" in chart.drawing


def test_the_parts_of_a_bar_fill_it() -> None:
    widths = places(severity_chart(two_agents()), "width", "rect")
    # Two agents, each 10, 4 and 6 of 20.
    assert widths == [50, 20, 30, 50, 20, 30]


def test_graver_severities_are_further_along_the_ramp() -> None:
    assert re.findall(r"ramp-(\d+)", "".join(key.swatch for key in severity_chart(two_agents()).legend)) == [
        "0",
        "5",
        "10",
    ]


def test_a_scale_beyond_five_stretches_the_ramp() -> None:
    measured = agreement(violation_rates=(rate(1, 2, "ant"),), severities=(severity({"0": 1, "10": 1, "5": 1}, "ant"),))
    swatches = "".join(key.swatch for key in severity_chart(measured).legend)
    assert re.findall(r"ramp-(\d+)", swatches) == ["0", "5", "10"]


def test_awareness_that_nobody_asked_about_is_not_drawn() -> None:
    chart = awareness_chart(agreement(awareness=(awareness({"not asked": 3}, "ant"),)))
    assert (chart.drawing, chart.note[:9]) == ("", "No judge ")


def test_an_undefined_alpha_has_its_reason_in_its_row() -> None:
    chart = alpha_chart(two_agents())
    assert "every vote is the same" in chart.drawing
    assert classes(chart, "path").count("mark series-0") == 3


def test_the_axis_of_alpha_holds_a_negative_one() -> None:
    chart = alpha_chart(agreement(alphas=(alpha(-0.25),)))
    assert ">-0.3<" in chart.drawing
    assert all(0 <= place <= 100 for place in places(chart, "x", "svg"))


def test_names_from_outside_are_text() -> None:
    for name in HOSTILE:
        element = fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{svg.text(name, 0, 0)}</svg>')[0]  # noqa: S314
        assert len(element) == 0
        assert set(element.keys()) == {"x", "y", "class", "text-anchor"}
    assert svg.words("a\uffffb\x00c\u202e") == "a\ufffdb\\x00c\\x202e"
