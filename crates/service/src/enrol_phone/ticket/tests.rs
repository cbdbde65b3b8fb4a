use super::*;
use primitives::entropy::SystemEntropy;

#[test]
fn a_ticket_reads_its_own_text_and_no_other() {
    let ticket = Ticket::generate(&mut SystemEntropy);
    let text = ticket.to_string();
    assert_eq!(text.len(), 22);
    assert_eq!(text.parse(), Ok(ticket));
    assert_eq!(text[1..].parse::<Ticket>(), Err(NotATicket));
    assert_eq!(format!("{text}A").parse::<Ticket>(), Err(NotATicket));
    assert_eq!("!".repeat(22).parse::<Ticket>(), Err(NotATicket));
}

#[test]
fn neither_is_printed_where_logs_print() {
    let shown = Shown::generate(&mut SystemEntropy);
    assert_eq!(format!("{:?} {:?}", shown.ticket, shown.code), "Ticket(…) TypedCode(…)");
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let code = TypedCode::generate(&mut SystemEntropy);
    let shown = code.to_string();
    assert_eq!((shown.len(), shown.as_bytes()[3]), (7, b'-'));
    for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', ""), format!(" {shown} ")] {
        assert_eq!(TypedCode::read(&typed).as_ref(), Some(&code), "{typed}");
    }
    for typed in ["", "4KD-92", "4KD-92MM", "0KD-92M", "ÄKD-92M", &"A".repeat(100)] {
        assert_eq!(TypedCode::read(typed), None, "{typed}");
    }
}
