//! `export parquet`: what two other engines make of the files is what the program says.

use super::{RAIL, refusal};

#[test]
#[cfg(not(feature = "parquet"))]
fn a_program_without_parquet_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("lake");
    let said = refusal(
        RAIL.as_ref(),
        &["export", "parquet", "-o", &output.display().to_string()],
    );
    assert!(
        said.starts_with("error: this guanxi was built without Parquet\n"),
        "{said}"
    );
    assert!(said.contains("--features parquet"), "{said}");
    assert!(!output.exists());
}

#[cfg(feature = "parquet")]
mod built {
    use std::fmt::Write as _;
    use std::fs;
    use std::path::Path;

    use serde_json::Value;

    use super::super::{answer, book, python};
    use super::{RAIL, refusal};

    /// The examples whose figures are computed again.
    const BOOKS: [&str; 2] = [RAIL, concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cdnow")];

    /// Reads both files as views, asks the queries of `docs/scale.md` (parted by lines of `;`), and writes
    /// a line for each row of each.
    const DUCKDB: &str = "import sys, duckdb\n\
         db = duckdb.connect()\n\
         for name in ('customers', 'rows'):\n    \
             db.execute(f\"create view {name} as select * from '{sys.argv[1]}/{name}.parquet'\")\n\
         for query in open(sys.argv[2]).read().split(';'):\n    \
             for row in db.execute(query).fetchall():\n        \
                 print('|'.join('' if it is None else str(it) for it in row))\n    \
             print('.')\n";

    const SPARK: &str = "import sys\n\
         from pyspark.sql import SparkSession\n\
         spark = SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false')\\\n    \
             .config('spark.sql.shuffle.partitions', '1').getOrCreate()\n\
         for name in ('customers', 'rows'):\n    \
             spark.read.parquet(f'{sys.argv[1]}/{name}.parquet').createOrReplaceTempView(name)\n\
         for query in open(sys.argv[2]).read().split(';'):\n    \
             for row in spark.sql(query).collect():\n        \
                 print('|'.join('' if it is None else str(it) for it in row))\n    \
             print('.')\n";

    fn export(book: &Path, folder: &Path) {
        answer(
            book,
            &["export", "parquet", "-o", &folder.display().to_string()],
        );
    }

    /// Returns the queries of `docs/scale.md`, in their order.
    fn queries() -> String {
        let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scale.md"));
        let page = page.unwrap();
        let blocks = page.split("```sql\n").skip(1);
        let texts: Vec<&str> = blocks
            .map(|it| it.split("\n```").next().unwrap_or_default())
            .collect();
        assert_eq!(texts.len(), 3, "orders, last contacts, receivables");
        texts.join("\n;\n")
    }

    /// Returns what the program says, in the form of the answers: a line for each customer of each query.
    fn figures(book: &Path) -> String {
        let columns = "id,orders,revenue,last_contact,receivable,advance";
        let json = answer(book, &["list", "-f", "json", "-c", columns, "-s", "id"]);
        let json: Value = serde_json::from_slice(&json).unwrap();
        let rows = json["rows"].as_array().unwrap();
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let money = |row: &Value, key: &str| row[key].as_f64().unwrap_or_default();
        let mut lines = String::new();
        for row in rows.iter().filter(|it| it["orders"].as_u64() > Some(0)) {
            let line = format!(
                "{}|{}|{:.4}\n",
                text(row, "id"),
                row["orders"],
                money(row, "revenue")
            );
            lines.push_str(&line);
        }
        lines.push_str(".\n");
        for row in rows.iter().filter(|it| it["last_contact"].is_string()) {
            let (id, day) = (text(row, "id"), text(row, "last_contact"));
            writeln!(lines, "{id}|{day}").unwrap();
        }
        lines.push_str(".\n");
        for row in rows.iter().filter(|it| it["receivable"].is_number()) {
            let owed = money(row, "receivable") - money(row, "advance");
            writeln!(lines, "{}|{owed:.4}", text(row, "id")).unwrap();
        }
        lines + ".\n"
    }

    fn agrees(module: &str, script: &str) {
        for book in BOOKS {
            let folder = tempfile::tempdir().unwrap();
            let lake = folder.path().join("lake");
            export(book.as_ref(), &lake);
            let query = folder.path().join("queries.sql");
            fs::write(&query, queries()).unwrap();
            if let Some(said) = python(module, script, &[&lake, &query]) {
                let expected = figures(book.as_ref());
                assert!(expected.lines().count() > 6, "{expected}");
                assert_eq!(said, expected, "{book}");
            }
        }
    }

    #[test]
    fn duckdb_comes_to_the_same_figures() {
        agrees("duckdb", DUCKDB);
    }

    #[test]
    fn spark_comes_to_the_same_figures() {
        agrees("pyspark", SPARK);
    }

    #[test]
    fn columns_have_types_and_the_unknown_is_null() {
        let case = book(
            &[(
                "acme",
                "name = \"Acme\"\ntags = [\"a\", \"b\"]\nmargin = 0.25\n",
            )],
            "2026-01-02T09:30,acme,order,1250000.5,,li.wei,spares,,PO-1,,\n\
             2026-01-03,acme,plan,,,,,,,2026-12-01,\"two\nlines\"\n\
             2027-01-01,acme,order,7,,,,,,,\n",
        );
        let folder = tempfile::tempdir().unwrap();
        let lake = folder.path().join("lake");
        export(&case.path(""), &lake);
        let script = "import sys, duckdb\n\
             lake = sys.argv[1]\n\
             ask = lambda query: [print(*row, sep='|') for row in duckdb.sql(query).fetchall()]\n\
             ask(f\"select id, tags, margin, revenue, orders, last_order, lost, receivable from '{lake}/customers.parquet'\")\n\
             ask(f\"select * from '{lake}/rows.parquet'\")\n\
             types = {row[0]: row[1] for row in duckdb.sql(f\"describe select * from '{lake}/customers.parquet'\").fetchall()}\n\
             print(*[types[name] for name in 'id tags margin revenue orders last_order lost tenure dso'.split()])\n";
        if let Some(said) = python("duckdb", script, &[&lake]) {
            assert_eq!(
                said,
                "acme|a;b|0.25|1250000.5000|1|2026-01-02|False|None\n\
                 2026-01-02|09:30|acme|order|False|1250000.5000|None|li.wei|spares|None|PO-1|None|None|interactions/2026.csv:2\n\
                 2026-01-03|None|acme|plan|False|None|None|None|None|None|None|2026-12-01|two\nlines|interactions/2026.csv:3\n\
                 VARCHAR VARCHAR DOUBLE DECIMAL(18,4) BIGINT DATE BOOLEAN BIGINT DOUBLE\n"
            );
        }
        let again = folder.path().join("again");
        export(&case.path(""), &again);
        for name in ["customers.parquet", "rows.parquet"] {
            let bytes = fs::read(lake.join(name)).unwrap();
            assert!(bytes == fs::read(again.join(name)).unwrap(), "{name}");
        }
        let said = refusal(
            &case.path(""),
            &["export", "parquet", "-o", &lake.display().to_string()],
        );
        assert!(said.contains("is not empty"), "{said}");
    }
}
