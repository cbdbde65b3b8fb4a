use clap::CommandFactory;

use super::*;

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn without_a_command_there_is_the_face() {
    assert!(Cli::try_parse_from(["keyfob"]).unwrap().command.is_none());
}

#[test]
fn every_command_takes_json_and_a_vault() {
    for command in Cli::command().get_subcommands() {
        let help = Cli::command()
            .find_subcommand_mut(command.get_name())
            .map(|command| command.clone().render_long_help().to_string());
        assert!(help.is_some(), "{}", command.get_name());
    }
    let cli = Cli::try_parse_from(["keyfob", "list", "--json", "--vault", "/tmp/v"]).unwrap();
    assert!(cli.common.json);
    assert_eq!(cli.common.vault, Some("/tmp/v".into()));
}
