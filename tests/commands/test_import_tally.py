"""The counting and the report by themselves."""

import csv
import io

from app.commands.tally import Report, Tally
from app.ingest.batch import Outcome
from app.ingest.snapshot import Amendment, Rejected
from tests.builders import MO, line, snapshot


def told(*items: Rejected | Outcome) -> list[dict[str, str]]:
    file = io.StringIO()
    report = Report(file)
    for item in items:
        report.rejected(item) if isinstance(item, Rejected) else report.refused(item)
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_orders_and_lines_are_those_that_are_there_now() -> None:
    tally = Tally()
    news = Amendment(source="test", merchant=MO, external_id="1")
    for one, result in [
        (snapshot("1", lines=[line("1"), line("2")]), "new"), (snapshot("2"), "unchanged"), (snapshot("3"), "updated"),
        (snapshot("4"), "refused"), (snapshot("5"), "older"), (news, "updated"), (news, "refused"),
    ]:  # fmt: skip
        tally.count(one, Outcome(one.external_id, result))
    assert tally == Tally(orders=3, lines=4, new=1, updated=2, unchanged=1, refused=3)


def test_an_order_older_than_the_one_kept_says_so() -> None:
    assert told(Outcome("1", "older")) == [{"file": "", "line": "", "external_id": "1", "reason": "older than what is kept"}]


def test_every_problem_of_an_order_is_named_with_its_place() -> None:
    problems = {"/currency": "“EURO” is not an ISO 4217 code", "": "a NUL character somewhere"}
    assert told(Outcome("1", "refused", problems=problems))[0]["reason"] == (
        "/currency: “EURO” is not an ISO 4217 code; a NUL character somewhere"
    )


def test_a_cell_that_a_spreadsheet_program_would_run_is_made_harmless() -> None:
    row = told(Rejected(reason="no", external_id='=HYPERLINK("https://evil.example")', file="+x.csv", line=7))[0]
    assert (row["external_id"], row["file"], row["line"]) == ('\'=HYPERLINK("https://evil.example")', "'+x.csv", "7")


def test_the_summary_stays_short_however_many_reasons_there_are() -> None:
    report = Report(None)
    for n in range(1000):
        report.rejected(Rejected(reason=f"“{n}” is not an amount", file="a.csv", line=n + 2))
    summary = report.summary()
    assert len(summary) == 21
    assert summary[0] == "      980 × other reasons  (first: a.csv line 22)"
    assert len(report.first) == 21
