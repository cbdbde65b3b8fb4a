use super::*;

#[test]
fn the_data_folder_is_the_one_that_the_person_named() {
    let environment = Environment {
        home: Some("/home/u".into()),
        data_home: Some("/data".into()),
        runtime_dir: Some("/run/user/1000".into()),
        ..Environment::default()
    };
    let paths = Paths::of(&environment).unwrap();
    assert_eq!(paths.vault, PathBuf::from("/data/keyfob/vault"));
    assert_eq!(paths.control(), Some("/run/user/1000/keyfob/control".into()));
}

#[test]
fn without_a_word_it_is_under_the_home() {
    let environment = Environment { home: Some("/home/u".into()), ..Environment::default() };
    let paths = Paths::of(&environment).unwrap();
    assert_eq!(paths, Paths { vault: "/home/u/.local/share/keyfob/vault".into(), sockets: None });
}

#[test]
fn without_a_home_there_is_no_place() {
    assert_eq!(Paths::of(&Environment::default()), None);
}
