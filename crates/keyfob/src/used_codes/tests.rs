use hybrid::qr::Hint;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn code(number: u8, time: Option<u64>) -> Qr {
    let (client_key, secret) = ([number; 33], [number; 16]);
    Qr { client_key, secret, domains: 2, time, linking: false, hint: Hint::Get, channels: vec![0] }
}

fn memory() -> (tempfile::TempDir, UsedCodes) {
    let folder = tempfile::tempdir().unwrap();
    let codes = UsedCodes::beside(&folder.path().join("vault"));
    (folder, codes)
}

#[test]
fn a_code_is_taken_once_by_whoever_reads_the_same_memory() {
    let (folder, codes) = memory();
    assert_eq!(codes.take(&code(1, Some(1_800_000_000)), NOW), Ok(()));
    let other = UsedCodes::beside(&folder.path().join("vault"));
    assert_eq!(other.take(&code(1, Some(1_800_000_000)), NOW), Err(CodeRefusal::Used));
    assert_eq!(other.take(&code(2, Some(1_800_000_000)), NOW), Ok(()));
}

#[test]
fn the_key_counts_and_not_what_else_the_code_says() {
    let (_folder, codes) = memory();
    codes.take(&code(1, Some(1_800_000_000)), NOW).unwrap();
    let mut again = code(1, Some(1_800_000_060));
    again.hint = Hint::Create;
    assert_eq!(codes.take(&again, NOW), Err(CodeRefusal::Used));
}

#[test]
fn it_is_remembered_as_long_as_it_would_count() {
    let (_folder, codes) = memory();
    codes.take(&code(1, Some(1_800_000_000)), NOW).unwrap();
    codes.take(&code(2, None), NOW).unwrap();
    let later = |minutes| NOW + Span::from_minutes(minutes);
    assert_eq!(codes.take(&code(1, Some(1_800_000_000)), later(2)), Err(CodeRefusal::Used));
    assert_eq!(codes.take(&code(2, None), later(24 * 60)), Err(CodeRefusal::Used));
    // By now its age refuses it, wherever it comes from.
    codes.take(&code(1, Some(1_800_000_000)), later(3)).unwrap();
    assert!(code(1, Some(1_800_000_000)).age(later(3)).is_err());
}

#[test]
fn the_memory_is_bounded() {
    let (_folder, codes) = memory();
    let mut text: String = (0..MOST).map(|line| format!("{line:064x} 1800000100\n")).collect();
    std::fs::write(&codes.file, &text).unwrap();
    assert_eq!(codes.take(&code(1, None), NOW), Err(CodeRefusal::TooMany));
    assert_eq!(codes.take(&code(1, None), NOW + Span::from_minutes(5)), Ok(()));
    while text.len() <= usize::try_from(MAX_FILE).unwrap() {
        text.push_str(&text.clone());
    }
    std::fs::write(&codes.file, text).unwrap();
    assert_eq!(codes.take(&code(2, None), NOW), Err(CodeRefusal::Memory(codes.file.clone())));
}

#[test]
fn a_memory_that_is_not_ours_is_refused_and_left() {
    let (folder, codes) = memory();
    for nonsense in [&b"abc"[..], b"abc def\n", b"\xff\xfe 1\n", b"\n"] {
        std::fs::write(&codes.file, nonsense).unwrap();
        assert_eq!(codes.take(&code(1, None), NOW), Err(CodeRefusal::Memory(codes.file.clone())));
        assert_eq!(std::fs::read(&codes.file).unwrap(), nonsense);
    }
    let nowhere = UsedCodes::beside(&folder.path().join("missing/vault"));
    assert!(matches!(nowhere.take(&code(1, None), NOW), Err(CodeRefusal::Memory(_))));
}

#[test]
fn the_secret_is_not_kept_and_nobody_else_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, codes) = memory();
    codes.take(&code(0xab, None), NOW).unwrap();
    assert!(!std::fs::read_to_string(&codes.file).unwrap().contains("abababab"));
    assert_eq!(std::fs::metadata(&codes.file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn every_refusal_has_a_code_and_a_sentence() {
    for (refusal, code) in [
        (CodeRefusal::Used, "qr_used"),
        (CodeRefusal::TooMany, "qr_too_many"),
        (CodeRefusal::Memory(PathBuf::from("/x")), "qr_memory"),
    ] {
        assert_eq!(refusal.code(), code);
        assert!(refusal.to_string().ends_with('.'));
    }
}
