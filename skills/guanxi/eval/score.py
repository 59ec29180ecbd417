"""Scores an assistant's answers to the twelve questions: python3 score.py answers.json"""

import json
import pathlib
import sys


def plain(value):
    """Returns a value such that equal answers are equal, whatever the order of their lists."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((plain(part) for part in value), key=lambda it: json.dumps(it, sort_keys=True))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return value


def main():
    beside = pathlib.Path(__file__).with_name("questions.json")
    questions = json.loads(beside.read_text(encoding="utf-8"))
    given = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    right = 0
    for question in questions:
        name, expected = question["id"], question["answer"]
        is_right = name in given and plain(given[name]) == plain(expected)
        right += is_right
        print("right" if is_right else "wrong", name)
        if not is_right:
            print("  expected", json.dumps(expected, ensure_ascii=False))
            print("  was told", json.dumps(given.get(name), ensure_ascii=False))
    print(f"{right} of {len(questions)}")


main()
