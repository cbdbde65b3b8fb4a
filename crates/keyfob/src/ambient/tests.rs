use super::*;

fn environment(variables: &[(&str, &str)]) -> Environment {
    let variables: Vec<(String, OsString)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
    Environment::of(|name| variables.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()))
}

#[test]
fn an_empty_variable_says_nothing() {
    let environment = environment(&[("HOME", ""), ("NO_COLOR", ""), ("LC_ALL", ""), ("LANG", "de_DE.UTF-8")]);
    assert_eq!(
        environment,
        Environment { language: Some("de_DE.UTF-8".to_owned()), ..Environment::default() }
    );
}

#[test]
fn the_strongest_word_about_the_language_counts() {
    let environment = environment(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "de_AT.UTF-8")]);
    assert_eq!(environment.language.as_deref(), Some("de_AT.UTF-8"));
}

#[test]
fn a_relative_folder_is_none() {
    let environment = environment(&[("XDG_RUNTIME_DIR", "run/user/1000"), ("XDG_DATA_HOME", "/home/u/data")]);
    assert_eq!(environment.runtime_dir, None);
    assert_eq!(environment.data_home, Some("/home/u/data".into()));
}

#[test]
fn the_clock_stands_in_this_century() {
    assert!(now() > Timestamp::from_secs(1_700_000_000));
}
