use super::*;

fn write(file: &str, at: usize, data: &str) -> Event {
    Event::Write { file: file.to_owned(), at, data: data.into() }
}

fn sync(file: &str, number: usize) -> [Event; 2] {
    let file = file.to_owned();
    [Event::SyncBegins { file: file.clone(), number }, Event::SyncEnds { file, number }]
}

/// What a cut leaves of a file, over many chances; `None` where the file is not there.
fn left(disk: &Disk, name: &str) -> std::collections::BTreeSet<Option<Vec<u8>>> {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(1);
    let one = |round: u32| {
        let to = folder.path().join(round.to_string());
        disk.cut(&mut random, &to).unwrap();
        fs::read(to.join(name)).ok()
    };
    (0..200).map(one).collect()
}

fn disk(events: &[Event]) -> Disk {
    let mut disk = Disk::default();
    events.iter().for_each(|event| disk.apply(event));
    disk
}

#[test]
fn what_was_flushed_with_its_name_is_always_there() {
    let mut events = vec![Event::Create("a".to_owned()), write("a", 0, "old")];
    events.extend(sync("a", 1));
    events.extend(sync("", 2));
    assert_eq!(left(&disk(&events), "a"), [Some(b"old".to_vec())].into());
}

#[test]
fn what_was_not_flushed_may_be_there_or_not() {
    let mut events = vec![Event::Create("a".to_owned()), write("a", 0, "old")];
    events.extend(sync("a", 1));
    events.extend(sync("", 2));
    events.push(write("a", 0, "new"));
    assert_eq!(left(&disk(&events), "a"), [Some(b"old".to_vec()), Some(b"new".to_vec())].into());
}

#[test]
fn a_name_that_was_not_flushed_may_be_missing() {
    let mut events = vec![Event::Create("a".to_owned()), write("a", 0, "x")];
    events.extend(sync("a", 1));
    assert_eq!(left(&disk(&events), "a"), [None, Some(b"x".to_vec())].into());
}

#[test]
fn what_was_written_while_a_flush_was_under_way_is_not_flushed_by_it() {
    let mut events = vec![Event::Create("a".to_owned())];
    events.extend(sync("", 1));
    let [begins, ends] = sync("a", 2);
    events.extend([write("a", 0, "1"), begins, write("a", 1, "2"), ends]);
    assert_eq!(left(&disk(&events), "a"), [Some(b"1".to_vec()), Some(b"12".to_vec())].into());
}

#[test]
fn a_long_write_may_be_torn_between_sectors_and_nowhere_else() {
    let long = "x".repeat(2 * SECTOR);
    let mut events = vec![Event::Create("a".to_owned())];
    events.extend(sync("", 1));
    events.push(write("a", 0, &long));
    let lengths: std::collections::BTreeSet<usize> =
        left(&disk(&events), "a").into_iter().flatten().map(|content| content.len()).collect();
    assert_eq!(lengths, [0, SECTOR, 2 * SECTOR].into());
}
