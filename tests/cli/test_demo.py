"""`venire demo`."""

from pathlib import Path

from tests.cli.running import venire, venire_process


def test_it_needs_no_key_and_no_network_and_says_what_to_do_next(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    ended = venire_process("demo", folder=tmp_path, environ=nowhere)
    assert ended.exit_code == 0
    assert "venire-demo/report/index.html" in ended.out
    assert "Dataset:  venire-demo/dataset" in ended.out
    assert "26 transcripts of fictional agents" in ended.out
    after = ended.out.partition("Next, with your own transcripts and real judges:\n")[2].splitlines()
    assert after[0].startswith("  venire init my-study --source FOLDER")
    assert after[-1] == "  venire run my-study"
    assert (tmp_path / "venire-demo" / "dataset" / "README.md").is_file()


def test_a_second_time_it_shows_the_same_figures(tmp_path: Path) -> None:
    first = venire("demo", tmp_path / "d")
    second = venire("demo", tmp_path / "d")
    assert second.exit_code == 0
    assert second.out.replace("Nothing was out of date.\n", "") == first.out
