#!/usr/bin/env python3
"""Measures `guanxi import` on files of three sizes, and on the same file again.

    cargo build --release --bin guanxi
    python3 benches/import.py [--sizes 100000,1000000] [--folder DIR]

A file has ten rows for each customer; it comes into an empty book, then once more, when every row is there.
CPU time is that of the process and says most on a machine that others use, too.
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
PLACES = "株洲 长沙 上海 宁波 武陵 湘江 东海 南方".split()
TRADES = "车辆 阀门 物资 电气 轨道 变压器 线缆 机械".split()
FORMS = "有限公司 有限责任公司 股份有限公司".split()


def write_rows(path, rows):
    """Writes a list of events as an office exports it, a tenth as many customers as rows."""
    chance = random.Random(5)
    names = [
        f"{chance.choice(PLACES)}{chance.choice(TRADES)}{number}厂{FORMS[number % 3]}"
        for number in range(rows // 10)
    ]
    with open(path, "w", encoding="utf-8") as out:
        out.write("单据编号,日期,客户名称,业务类型,金额,产品,备注\n")
        for number in range(rows):
            day = chance.randrange(3 * 336)
            date = f"{2024 + day // 336}-{day % 336 // 28 + 1:02}-{day % 28 + 1:02}"
            kind = chance.choice(["订单", "订单", "拜访", "电话"])
            amount = chance.randrange(1, 100_000) if kind == "订单" else ""
            out.write(f"SO-{number},{date},{chance.choice(names)},{kind},{amount},轴承,第{number}批\n")


def measured(command):
    """Runs a command; returns wall and CPU seconds and the peak of its memory in MiB."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    if status != 0:
        raise SystemExit(f"{command} ended with {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--program", default=str(TARGET / "guanxi"))
    parser.add_argument("--folder", type=pathlib.Path)
    given = parser.parse_args()
    folder = given.folder or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    print("| rows | import | wall s | CPU s | peak MiB |\n|---|---|---|---|---|")
    for rows in map(int, given.sizes.split(",")):
        file, book = folder / f"{rows}.csv", folder / f"book-{rows}"
        write_rows(file, rows)
        shutil.rmtree(book, ignore_errors=True)
        subprocess.run([given.program, "init", str(book), "-q"], check=True)
        command = [given.program, "import", "log", str(file), "--create", "--together", "--yes", "-q"]
        command += ["--book", str(book), "--as-of", "2026-11-20"]
        for name in ["into an empty book", "again, all there"]:
            wall, cpu, peak = measured(command)
            print(f"| {rows:,} | {name} | {wall:.2f} | {cpu:.2f} | {peak} |", flush=True)
        shutil.rmtree(book)
        file.unlink()


if __name__ == "__main__":
    main()
