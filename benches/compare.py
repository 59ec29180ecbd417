#!/usr/bin/env python3
"""Measures guanxi on books of three sizes beside programs that read the same files.

    cargo build --release --example generate-book --bin guanxi
    python3 benches/compare.py [--books DIR] [--sizes S,M,L] [--runs N]

Books are made once and kept in DIR. Every program is run in turn with guanxi, so that a drift of the
machine's speed touches both; ratios are taken pair by pair and their median is printed. Programs
that are not installed are left out. Times are of whole processes, as the system accounts for them.
Every other command that reads is held against the listing by its CPU time.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROWS = {"S": 50_000, "M": 1_000_000, "L": 10_000_000}
COLUMNS = "id,tier,annual_value,last_contact,next_revisit,overdue,settlement"
# What reads a whole book beside `list`, and what it says.
READING = {
    "due": ["due"],
    "churn": ["churn"],
    "value": ["value"],
    "check": ["check"],
    "receivables": ["receivables"],
    "receivables --by owner": ["receivables", "--by", "owner"],
    "receivables --invoices": ["receivables", "--invoices"],
    "cases": ["cases"],
    "cases --all": ["cases", "--all"],
    "cases --by staff": ["cases", "--by", "staff"],
    "dates": ["dates"],
    "leads": ["leads"],
    "leads --all": ["leads", "--all"],
    "team": ["team"],
    "portfolio": ["portfolio"],
    "portfolio --since 90d": ["portfolio", "--since", "90d"],
    "portfolio --sections all": ["portfolio", "--sections", "all"],
    "summary": ["summary"],
    "summary --by owner": ["summary", "--by", "owner"],
    "trend": ["trend"],
    "trend --cohorts": ["trend", "--cohorts"],
    "trend, two ends": ["trend", "--by", "quarter", "--since", "91d", "-c", "period,end:receivable"],
    "diff 2w": ["diff", "2w"],
    "diff 2w --stat": ["diff", "2w", "--stat"],
    "brief": ["brief"],
    "report CUSTOMER": ["report", "CUSTOMER"],
    "remind": ["remind"],
    "history -f csv": ["history", "-f", "csv"],
    "history": ["history"],
    "history --kind order": ["history", "--kind", "order"],
    "history -n 20": ["history", "-n", "20"],
}
ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"

DUCKDB = """
import duckdb
rows = duckdb.sql(f\"\"\"
    with log as (select * from read_csv('{book}/interactions/*.csv', header = true, all_varchar = true)),
    orders as (select customer, cast(date as date) as day, cast(amount as decimal(18, 4)) as amount
               from log where kind = 'order'),
    gaps as (select customer, day - lag(day) over (partition by customer order by day) as gap from orders)
    select l.customer, count(*), max(cast(l.date as date)) filter (where l.kind in ('visit', 'call')),
           any_value(o.yearly), any_value(g.mean)
    from log l
    left join (select customer, sum(amount) as yearly from orders where day > date '2025-11-20' group by 1) o
        using (customer)
    left join (select customer, avg(gap) as mean from gaps group by 1) g using (customer)
    group by 1\"\"\").fetchall()
print(len(rows))
"""


def run(command):
    """Runs a command; returns wall seconds, CPU seconds and peak memory in MiB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def rivals(book):
    """The programs to compare with, by name, as far as they are installed."""
    found = {}
    if shutil.which("rg"):
        found["rg -c ."] = ["rg", "-c", ".", book]
    if subprocess.run([sys.executable, "-c", "import duckdb"], capture_output=True).returncode == 0:
        found["DuckDB"] = [sys.executable, "-c", DUCKDB.replace("{book}", book)]
    if shutil.which("mawk"):
        program = 'FNR > 1 { n[$2]++ } END { for (c in n) print c, n[c] }'
        logs = sorted(str(path) for path in pathlib.Path(book, "interactions").rglob("*.csv"))
        found["mawk (count)"] = ["mawk", "-F,", program, *logs]
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--books", default=str(TARGET / "books"))
    options.add_argument("--sizes", default="S,M,L")
    options.add_argument("--runs", type=int, default=7)
    args = options.parse_args()
    guanxi, generate = TARGET / "guanxi", TARGET / "examples" / "generate-book"
    print(f"{os.cpu_count()} processors, {args.runs} runs each, medians")
    print(f"{'size':4}  {'command':28} {'wall s':>8} {'CPU s':>8} {'MiB':>7} {'rows/s':>11}  guanxi : it")
    for size in args.sizes.split(","):
        book = os.path.join(args.books, size)
        if not os.path.isdir(book):
            subprocess.run([generate, "--size", size, book], check=True)
        customer = next(pathlib.Path(book, "customers").rglob("*.toml")).stem
        common = ["--book", book, "--as-of", "2026-11-20"]
        mine = [str(guanxi), "list", *common, "-f", "csv", "-c", COLUMNS]
        others = rivals(book)
        measured = {name: [] for name in ["guanxi list", *others]}
        ratios = {name: [] for name in others}
        run(mine)
        for name, command in others.items():
            run(command)
            for _ in range(args.runs):
                own, other = run(mine), run(command)
                measured["guanxi list"].append(own)
                measured[name].append(other)
                ratios[name].append(own[0] / other[0])
        for name, words in {"show": ["show", customer], "log": ["log", customer, "visit", "--dry-run"]}.items():
            extra = common if name == "show" else ["--book", book]
            measured[f"guanxi {name}"] = [run([str(guanxi), *words, *extra]) for _ in range(args.runs)]
        cpu_ratios = {}
        for name, words in READING.items():
            words = [customer if word == "CUSTOMER" else word for word in words]
            pairs = [(run(mine), run([str(guanxi), *words, *common])) for _ in range(args.runs)]
            measured[f"guanxi {name}"] = [other for _, other in pairs]
            cpu_ratios[f"guanxi {name}"] = statistics.median(other[1] / own[1] for own, other in pairs)
        for name, runs in measured.items():
            wall, cpu, memory = (statistics.median(run[index] for run in runs) for index in range(3))
            ratio = f"{statistics.median(ratios[name]):.2f}" if name in ratios else ""
            if name in cpu_ratios:
                ratio = f"it : list {cpu_ratios[name]:.2f} (CPU)"
            print(f"{size:4}  {name:28} {wall:8.3f} {cpu:8.3f} {memory:7.1f} {ROWS[size] / wall:11,.0f}  {ratio}")


if __name__ == "__main__":
    main()
