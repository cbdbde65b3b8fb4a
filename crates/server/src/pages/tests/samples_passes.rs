//! Passes at work: AT-2 to AT-5, and orders.

use account::pass_mail::{Delivery, Part, PassMail};
use account::pass_order::{Handover, Kind, LetterCode, Standing};
use account::role::Role;
use account::temporary_pass::{Pass, PassState, Usability};
use account::user::{Directory, Login, User, UserStatus};
use primitives::id::Id;
use primitives::secret::SecretText;
use primitives::time::Span;

use super::samples::{Sample, now, sample, signed_in};
use crate::app::Site;
use crate::config::Origin;
use crate::pages::console::Nav;
use crate::pages::console::bulk_passes::*;
use crate::pages::console::orders::{AnswerOrder, OrderList};
use crate::pages::console::passes::*;
use crate::pages::orders::*;
use crate::pages::passes::{PassLetter, ShownPass};
use crate::text::Text;

fn nav() -> Nav {
    Nav::new(Role::Administrator, "/admin/orders")
}

fn current(state: Usability) -> CurrentPass {
    let mail = |part, delivery, error: Option<&str>| PassMail {
        id: Id::from_bytes([1; 16]),
        user: Id::from_bytes([2; 16]),
        pass: Id::from_bytes([3; 16]),
        part,
        sealed: None,
        at: now(),
        delivery,
        attempts: 1,
        error: error.map(str::to_owned),
    };
    CurrentPass {
        state,
        starts: now(),
        ends: now() + Span::from_hours(8),
        one_time: true,
        issuer: "M. Keller".into(),
        reason: "New starter · Identity card".into(),
        serial: "A1B2-C3D4".into(),
        mails: vec![
            mail(Part::Instructions, Delivery::Sent, None),
            mail(Part::Pass, Delivery::Failed, Some("550 <no> such user")),
        ],
    }
}

fn issue(text: Text) -> IssuePass {
    IssuePass {
        shell: signed_in(text, "/admin/users/1/pass"),
        nav: nav(),
        person: Recipient {
            id: "0198f1c4".into(),
            name: "Ana <Meier>".into(),
            login: "ana@example.com".into(),
        },
        blocked: None,
        by_policy: false,
        current: None,
        orders: Vec::new(),
        second: false,
        manager: Some("Ben Keller".into()),
        mail: MailWay::To("ana@private.example".into()),
        once_falls_short: true,
        only_once: false,
        bounds: (Span::from_minutes(10), Span::from_hours(8)),
        form: PassForm { amount: "60".into(), unit: "minutes".into(), ..PassForm::default() },
        problem: None,
    }
}

fn letter() -> PassLetter {
    let user = User {
        id: Id::from_bytes([2; 16]),
        handle: [9; 32],
        login: Login::parse("ana@example.com").unwrap(),
        name: "Ana <Meier>".into(),
        email: None,
        role: Role::User,
        status: UserStatus::Enabled,
        security_epoch: 1,
        language: Some("de".into()),
        created: now(),
        groups: Vec::new(),
        break_glass: false,
        disabled_by_program: false,
        deleted_by_program: false,
        role_ended: None,
        deleted: None,
        directory: Directory::default(),
    };
    let pass = Pass {
        id: Id::from_bytes([7; 16]),
        user: user.id,
        hash: String::new(),
        starts: now(),
        ends: now() + Span::from_hours(1),
        one_time: false,
        reason: String::new(),
        issuer: account::audit::Actor::Operator,
        created: now(),
        tries: 0,
        state: PassState::Issued,
    };
    let site = Site::at(Origin::parse("https://id.example.com").unwrap());
    let value = SecretText::new("K7QXMM4P29TD");
    PassLetter::new(&site, &user, (&pass, &value), LetterCode::Pass, ("M. Keller".into(), now()))
}

fn order(standing: Standing) -> OrderLine {
    OrderLine {
        id: "0198f1c5".into(),
        name: "Ana <Meier>".into(),
        login: "ana@example.com".into(),
        user: "0198f1c4".into(),
        asked_by: "Ben Keller".into(),
        picker: "Ben Keller".into(),
        answered_by: (standing != Standing::Asked).then(String::new),
        note: "seen at the desk".into(),
        kind: Kind::Ordered,
        starts: now(),
        ends: now() + Span::from_hours(8),
        one_time: true,
        handover: Handover::InPerson,
        reason: "New starter".into(),
        at: now(),
        until: now() + Span::from_hours(8),
        standing,
    }
}

pub(super) fn all(text: Text) -> Vec<Sample> {
    let mut samples = issuing(text);
    samples.extend(lists(text));
    samples.extend(orders(text));
    samples
}

fn issuing(text: Text) -> Vec<Sample> {
    let mut samples = vec![
        sample("at-2", &issue(text)),
        sample("at-2-wrong", &IssuePass { problem: Some("identity_check_missing"), ..issue(text) }),
        sample(
            "at-2-blocked",
            &IssuePass { blocked: Some("pass_out_of_audience"), by_policy: true, ..issue(text) },
        ),
        sample(
            "at-2-second",
            &IssuePass {
                second: true,
                current: Some(current(Usability::Usable)),
                orders: vec![("0198f1c5".into(), state_key(Standing::Asked))],
                mail: MailWay::OwnMailbox("ana@example.com".into()),
                ..issue(text)
            },
        ),
        sample("at-2-no-mail", &IssuePass { mail: MailWay::Off, only_once: true, ..issue(text) }),
        sample("at-2-no-address", &IssuePass { mail: MailWay::NoAddress, ..issue(text) }),
        sample(
            "at-3-shown",
            &ShownPass {
                shell: signed_in(text, "/admin/users/1/pass"),
                letter: letter(),
                back: "/admin/passes".into(),
            },
        ),
    ];
    for code in [
        "reason_missing",
        "note_missing",
        "note_too_long",
        "lifetime_too_long",
        "start_too_late",
        "start_in_the_past",
        "time_form",
        "confirm_needed",
        "stronger_evidence_needed",
        "role_too_low",
        "not_for_oneself",
        "disabled_user",
        "deleted_user",
        "passes_off",
        "pass_without_passkeys",
        "needs_approval",
        "private_address_missing",
        "mail_off",
        "manager_missing",
        "order_for_role",
        "busy",
        "?",
    ] {
        samples.push(sample("at-2-problem", &IssuePass { problem: Some(code), ..issue(text) }));
    }
    samples
}

fn lists(text: Text) -> Vec<Sample> {
    let row = |state, revocable| PassRow {
        user: "0198f1c4".into(),
        name: "Ana <Meier>".into(),
        login: "ana@example.com".into(),
        state,
        starts: now(),
        ends: now() + Span::from_hours(8),
        one_time: true,
        issuer: "M. Keller".into(),
        reason: "demonstration".into(),
        serial: "A1B2-C3D4".into(),
        revocable,
    };
    let states = [
        Usability::Usable,
        Usability::NotYetValid { from: now() },
        Usability::Expired { at: now() },
        Usability::Used { at: now() },
        Usability::Revoked,
        Usability::Locked,
        Usability::BlockedByPolicy,
    ];
    let list = |passes, outstanding, next| PassList {
        shell: signed_in(text, "/admin/passes"),
        nav: nav(),
        passes,
        outstanding,
        next,
    };
    let bulk = BulkPasses {
        shell: signed_in(text, "/admin/passes/bulk"),
        nav: nav(),
        form: BulkForm { list: "ana@example.com".into(), unit: "hours".into(), ..BulkForm::default() },
        rows: Vec::new(),
        good: 0,
        digest: None,
        most: 25,
        problem: None,
    };
    let line = |number, problem, replaces| BulkRow {
        number,
        typed: "ana@example.com".into(),
        name: Some("Ana <Meier>".into()),
        problem,
        replaces,
    };
    let looked = BulkPasses {
        rows: vec![
            line(1, None, false),
            line(2, None, true),
            line(3, Some("duplicate"), false),
            line(4, Some("user_unknown"), false),
            line(5, Some("privileged_skipped"), false),
        ],
        good: 2,
        digest: Some("00".repeat(32)),
        shell: signed_in(text, "/admin/passes/bulk"),
        nav: nav(),
        form: bulk.form.clone(),
        most: 25,
        problem: None,
    };
    let empty = BulkPasses {
        problem: Some("list_empty"),
        shell: signed_in(text, "/admin/passes/bulk"),
        nav: nav(),
        form: BulkForm::default(),
        rows: Vec::new(),
        good: 0,
        digest: None,
        most: 25,
    };
    let letters = BulkLetters {
        shell: signed_in(text, "/admin/passes/bulk/create"),
        letters: vec![letter(), letter()],
        count: 2,
        left_out: vec![line(3, Some("list_too_many"), false)],
        ids: String::new(),
    };
    vec![
        sample("at-4", &list(states.map(|state| row(state, true)).into(), true, Some("0198".into()))),
        sample("at-4-none", &list(Vec::new(), false, None)),
        sample("at-5", &bulk),
        sample("at-5-looked", &looked),
        sample("at-5-empty", &empty),
        sample("at-5-letters", &letters),
    ]
}

fn orders(text: Text) -> Vec<Sample> {
    let standings = [
        Standing::Asked,
        Standing::Approved,
        Standing::Declined,
        Standing::Withdrawn,
        Standing::PickedUp,
        Standing::Expired,
    ];
    let list = |orders, all, next| OrderList {
        shell: signed_in(text, "/admin/orders"),
        nav: nav(),
        orders,
        all,
        next,
    };
    let answer = |problem| AnswerOrder {
        shell: signed_in(text, "/admin/orders/1"),
        nav: nav(),
        order: OrderLine { kind: Kind::SecondPerson, ..order(Standing::Asked) },
        answerable: true,
        note: String::new(),
        problem,
    };
    let mine = |contact, problem| MyOrders {
        shell: signed_in(text, "/me/orders"),
        reports: if contact { vec![("0198f1c4".into(), "Ana <Meier>".into())] } else { Vec::new() },
        contact,
        orders: if contact { standings.map(order).into() } else { Vec::new() },
        problem,
    };
    let new = NewOrder {
        shell: signed_in(text, "/me/orders/new"),
        name: "Ana <Meier>".into(),
        login: "ana@example.com".into(),
        form: OrderForm::default(),
        mail: true,
        problem: Some("time_form"),
    };
    let one = |handover, problem| MyOrder {
        shell: signed_in(text, "/me/orders/1"),
        order: OrderLine { handover, kind: Kind::ForManager, ..order(Standing::Approved) },
        picks: true,
        asked: true,
        problem,
    };
    let mut samples = vec![
        sample("orders", &list(standings.map(order).into(), true, Some("0198".into()))),
        sample("orders-none", &list(Vec::new(), false, None)),
        sample("at-2c", &answer(None)),
        sample("at-2c-own", &answer(Some("order_own"))),
        sample("me-orders", &mine(true, None)),
        sample("me-orders-nobody", &mine(false, Some("order_not_allowed"))),
        sample("me-orders-new", &new),
        sample("me-order", &one(Handover::InPerson, None)),
        sample("me-order-mail", &one(Handover::Mail, None)),
    ];
    for code in [
        "order_expired",
        "order_answered",
        "order_not_approved",
        "order_picked_up",
        "approval_void",
        "too_many_orders",
    ] {
        samples.push(sample("me-order-problem", &one(Handover::InPerson, Some(code))));
    }
    samples
}
