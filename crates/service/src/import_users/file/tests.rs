//! What a file must be, and what of it is read.

use super::*;

fn refused(file: &str) -> &'static str {
    read(file.as_bytes()).unwrap_err().code()
}

#[test]
fn columns_come_in_any_order_and_spelling_and_with_either_divider() {
    for file in [
        "login,name,groups\nana@example.com,Ana Meier, Staff | HR \n",
        "\u{feff}Name;LOGIN;Groups\r\n\"Ana Meier\";ana@example.com;Staff|HR\r\n\r\n",
    ] {
        let records = read(file.as_bytes()).unwrap();
        assert_eq!(records.len(), 1);
        let ana = &records[0];
        assert_eq!((ana.line, ana.get(Column::Login)), (2, Some("ana@example.com")));
        assert_eq!(ana.get(Column::Name), Some("Ana Meier"));
        assert_eq!(ana.get(Column::Email), None);
        assert_eq!(ana.groups().collect::<Vec<_>>(), ["Staff", "HR"]);
    }
}

#[test]
fn the_lines_are_those_of_the_file() {
    let file = "login,name\na,\"An\nna\"\n\nb,Bea\n";
    let lines: Vec<u64> = read(file.as_bytes()).unwrap().iter().map(|record| record.line).collect();
    assert_eq!(lines, [2, 5]);
}

#[test]
fn each_refusal_has_its_code() {
    assert_eq!(refused(""), "file_empty");
    assert_eq!(refused("login,name\n"), "file_empty");
    assert_eq!(refused("login,name,rolle\na,b,c\n"), "column_unknown");
    assert_eq!(refused("login,name,role\na,b,administrator\n"), "column_unknown");
    assert_eq!(refused("login,name,Login\na,b,c\n"), "column_twice");
    assert_eq!(refused("login,email\na,b\n"), "column_missing");
    assert_eq!(refused("login,name\na\n"), "file_fields");
    assert_eq!(refused("login,name\na,b,c\n"), "file_fields");
    assert_eq!(refused(&format!("login,name\na,{}\n", "b".repeat(LONGEST_FIELD + 1))), "file_fields");
    assert_eq!(read(b"login,name\na,\xff\n").unwrap_err().code(), "file_not_utf8");
    assert_eq!(read(&vec![b'a'; LARGEST + 1]).unwrap_err().code(), "file_too_large");
    let many = format!("login,name\n{}", "a,b\n".repeat(MOST_ROWS + 1));
    assert_eq!(refused(&many), "file_too_many_rows");
    assert_eq!(read(many.trim_end().rsplit_once('\n').unwrap().0.as_bytes()).unwrap().len(), MOST_ROWS);
}
