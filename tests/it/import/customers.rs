//! The worked examples of customers: made, filled, never changed unasked.

use guanxi::cli::Outcome;

use super::Book;

#[test]
fn spellings_of_one_new_customer_are_one() {
    let book = Book::new("");
    let text = "客户名称,地区\n株洲车辆,湖南\n株洲车辆有限公司,湖南\n";
    let said = book.customers(text, "--yes");
    said.ends(Outcome::Done);
    assert_eq!(said.count("customers.new"), 1);
    assert_eq!(book.paths("customers"), ["zhu-zhou-che-liang.toml"]);
    assert_eq!(
        book.read("customers/zhu-zhou-che-liang.toml"),
        "name = \"株洲车辆有限公司\"\naliases = [\"株洲车辆\"]\nadded = 2026-11-20\nregion = \"湖南\"\n"
    );
    for text in [
        "客户名称\n株洲车辆\n株洲车辆有限公司\n株洲车辆股份有限公司\n",
        "客户名称\n株洲车辆股份有限公司\n株洲车辆有限公司\n株洲车辆\n",
    ] {
        let said = Book::new("").customers(text, "");
        assert_eq!(said.count("customers.new"), 2, "{text}");
        let line = text.lines().position(|it| it == "株洲车辆").unwrap() + 1;
        assert_eq!(said.faults(), [format!("{line} ambiguous-customer")]);
    }
}

#[test]
fn blank_facts_are_filled_and_others_are_conflicts() {
    let files = "== staff.toml\n[[staff]]\nid = \"li.wei\"\nname = \"李伟\"\n[[staff]]\nid = \"wang.fang\"\n\
                 name = \"王芳\"\n== customers/acme.toml\nname = \"Acme\" # keep\nowner = \"li.wei\"\n";
    let text = "客户名称,联系人,电话,业务员\nAcme,王建国,+86 731 5550,王芳\n";
    let book = Book::new(files);
    let said = book.customers(text, "--yes");
    said.ends(Outcome::Done);
    assert_eq!(
        (
            said.count("customers.filled"),
            said.count("customers.conflicts")
        ),
        (1, 1)
    );
    assert_eq!(
        book.read("customers/acme.toml"),
        "name = \"Acme\" # keep\nowner = \"li.wei\"\n\n[[contact]]\nname = \"王建国\"\nphone = \"+86 731 5550\"\n"
    );
    assert_eq!(book.rows(), [""; 0]);
    let again = book.customers(text, "--yes");
    assert_eq!(
        (
            again.count("customers.filled"),
            again.count("customers.same")
        ),
        (0, 1)
    );
    let said = book.customers(text, "--yes --overwrite=owner");
    said.ends(Outcome::Done);
    assert!(
        book.read("customers/acme.toml")
            .contains("owner = \"wang.fang\"")
    );
    assert_eq!(book.rows(), ["2026-11-20,acme,owner,,,wang.fang,li.wei"]);
    assert_eq!(book.run("check --as-of 2026-11-20").outcome, Outcome::Done);
}

#[test]
fn people_are_united_by_name_or_number() {
    let files = "== customers/acme.toml\nname = \"Acme\"\n\n[[contact]]\nname = \"Wang\"\nphone = \"0731-5550\"\n";
    let book = Book::new(files);
    let text =
        "客户,联系人,职务,手机,电话2\nAcme,WANG,buyer,+867315550,138 0000 0000\nAcme,Li,,139,\n";
    let said = book.customers(text, "--yes");
    said.ends(Outcome::Done);
    assert_eq!(
        book.read("customers/acme.toml"),
        "name = \"Acme\"\n\n[[contact]]\nname = \"Wang\"\nphone = [\"0731-5550\", \"138 0000 0000\"]\n\
         title = \"buyer\"\nmobile = \"+867315550\"\n\n[[contact]]\nname = \"Li\"\nmobile = \"139\"\n"
    );
}

#[test]
fn who_is_only_a_title_or_a_birthday_comes_in_once() {
    let book = Book::new("== customers/acme.toml\nname = \"Acme\"\n");
    let text = "客户,职务,生日,微信\nAcme,buyer,,\nAcme,buyer,,\nNeu,,05-01,wx\nNeu,,05-01,\nNeu,chief,,\n";
    book.customers(text, "--yes").ends(Outcome::Done);
    let people = |id: &str| book.read(&format!("customers/{id}.toml"));
    assert_eq!(people("acme").matches("[[contact]]").count(), 1);
    assert_eq!(people("neu").matches("[[contact]]").count(), 2);
    let before = (people("acme"), people("neu"));
    let said = book.customers(text, "--yes");
    said.ends(Outcome::Done);
    assert_eq!(said.count("customers.same"), 2);
    assert_eq!((people("acme"), people("neu")), before);
}

#[test]
fn lines_that_are_to_overwrite_must_agree() {
    for (first, second) in [("60d", "90d"), ("90d", "60d")] {
        let book = Book::new("== customers/acme.toml\nname = \"Acme\"\npayment_terms = \"60d\"\n");
        let text = format!("客户,账期\nAcme,{first}\nAcme,{second}\n");
        let said = book.customers(&text, "");
        said.ends(Outcome::Done);
        assert_eq!(said.count("customers.conflicts"), 1);
        let said = book.customers(&text, "--overwrite");
        assert_eq!(said.faults(), ["3 customer-differs"]);
    }
}

#[test]
fn lines_of_a_new_customer_must_agree() {
    let text = "客户名称,地区,联系人,手机\nNeu,A,x,1\nNeu,B,y,2\n";
    let said = Book::new("").customers(text, "");
    assert_eq!(said.faults(), ["3 customer-differs"]);
    let said = Book::new("").customers(&text.replace('B', "A"), "");
    said.ends(Outcome::Done);
    assert_eq!(said.count("customers.new"), 1);
}

#[test]
fn a_word_for_nothing_makes_no_customer() {
    let text = "日期,客户,金额\n2026-03-05,null,5\n2026-03-06,无,6\n2026-03-07,Ｎ/Ａ,7\n2026-03-08,None Ltd,8\n";
    let said = Book::new("").log(text, "--set kind=order --create");
    assert_eq!(
        said.faults(),
        ["2 wrong-value", "3 wrong-value", "4 wrong-value"]
    );
    let said = Book::new("").customers("客户名称,地区\n暂无,湖南\n", "");
    assert_eq!(said.faults(), ["2 wrong-value"]);
    let book = Book::new("== customers/a.toml\nname = \"无\"\n");
    let said = book.log(text, "--set kind=order --create");
    assert_eq!(said.faults(), ["2 wrong-value", "4 wrong-value"]);
}

#[test]
fn a_log_makes_customers_only_if_asked() {
    let book = Book::new("");
    let text = "日期,客户,金额,业务员\n2026-03-05,Neu GmbH,5,li\n2026-03-06,neu,6,\n";
    assert_eq!(
        book.log(text, "--set kind=order").faults(),
        ["2 unknown-customer", "3 unknown-customer"]
    );
    let said = book.log(text, "--set kind=order --create --yes");
    said.ends(Outcome::Done);
    assert_eq!(
        book.read("customers/neu.toml"),
        "name = \"Neu GmbH\"\naliases = [\"neu\"]\nowner = \"li\"\nadded = 2026-11-20\n"
    );
    assert_eq!(
        book.rows(),
        ["2026-03-05,neu,order,5.00,,li", "2026-03-06,neu,order,6.00"]
    );
}

#[test]
fn many_customers_may_stand_together() {
    let book = Book::new("");
    let text = "name,contact,phone,profile.needs\nA Works,x,1,many\nB Works,y,2,\n";
    book.customers(text, "--yes --together").ends(Outcome::Done);
    assert_eq!(book.paths("customers"), ["import-2026-11-20.toml"]);
    assert_eq!(
        book.read("customers/import-2026-11-20.toml"),
        "[[customer]]\nid = \"a-works\"\nname = \"A Works\"\nadded = 2026-11-20\n\n[customer.profile]\nneeds = \"many\"\n\n\
         [[customer.contact]]\nname = \"x\"\nphone = \"1\"\n\n[[customer]]\nid = \"b-works\"\nname = \"B Works\"\n\
         added = 2026-11-20\n\n[[customer.contact]]\nname = \"y\"\nphone = \"2\"\n\n"
    );
    assert_eq!(book.run("check --as-of 2026-11-20").outcome, Outcome::Done);
}

#[test]
fn customers_may_come_with_rows() {
    let book = Book::new("");
    let text = "客户名称,最近拜访日期,下次拜访,应收余额\nNeu GmbH,2026-11-01,2026-12-01,300\n";
    let words = "--map 应收余额=invoice:open.amount --set invoice:open.date=2026-10-31 --yes";
    book.customers(text, words).ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        [
            "2026-10-31,neu,invoice,300.00,,,,,,,应收余额",
            "2026-11-01,neu,visit,,,,,,,,最近拜访日期",
            "2026-11-20,neu,plan,,,,,,,2026-12-01,下次拜访"
        ]
    );
}

#[test]
fn a_person_of_the_same_name_goes_before_one_without_a_name() {
    let file = "name = \"Acme\"\naddress = \" 1 High St \"\n[[contact]]\nmobile = \"138\"\n\n[[contact]]\n\
                name = \"王\"\nmobile = \"138\"\nnote = \" tea\"\n";
    let book = Book::new(&format!("== customers/acme.toml\n{file}"));
    let text = "客户,地址,联系人,手机,contact.note\nAcme,1 High St,王,138,tea\n";
    let said = book.customers(text, "--yes");
    said.ends(Outcome::Done);
    assert_eq!(
        (
            said.count("customers.same"),
            said.count("customers.conflicts")
        ),
        (1, 0)
    );
    assert_eq!(book.read("customers/acme.toml"), file);
}
