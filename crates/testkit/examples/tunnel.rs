//! A tunnel service that can be as bad as one likes, as a program: `tunnel CERTIFICATE KEY` in PEM.
//!
//! It prints one line of JSON with its `port`. On its standard input it takes the words of
//! `testkit::tunnel::Manners`, one a line, answers each by `{"done": "<word>"}`, and ends with it.

use std::path::PathBuf;

use testkit::tunnel::{Manners, TunnelService};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(certificate), Some(key)) = (files.next(), files.next()) else {
        return Err("usage: tunnel CERTIFICATE KEY".into());
    };
    let service = TunnelService::start(&certificate, &key).await?;
    println!("{}", serde_json::json!({ "port": service.port() }));
    let mut words = BufReader::new(stdin()).lines();
    while let Some(word) = words.next_line().await? {
        service.set_manners(Manners::parse(&word).ok_or("no such word")?);
        println!("{}", serde_json::json!({ "done": word }));
    }
    Ok(())
}
