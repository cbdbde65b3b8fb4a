//! A private bus with a stand-in for BlueZ on it, as a program: for browsers and for programs of their own.
//!
//! It prints one line of JSON with the bus's `address`, `{"advertised": […]}` for each advertisement, and
//! `{"shown": true}` as often as scanners are told of one. On its standard input it takes `on`, `off`, `clear`,
//! `damaged`, `longer` and `silent`, a word a line, answers each by `{"done": "<word>"}`, and ends with it.

use testkit::bluez::{Air, Bluez, Heard, PrivateBus};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bus = PrivateBus::start().await?;
    let mut bluez = Bluez::start(&bus).await?;
    println!("{}", serde_json::json!({ "address": bus.address() }));
    let mut words = BufReader::new(stdin()).lines();
    let mut ended = signal(SignalKind::terminate())?;
    loop {
        tokio::select! {
            // Not before the bus has ended, too.
            _ = ended.recv() => return Ok(()),
            word = words.next_line() => match word? {
                Some(word) => {
                    obey(&bluez, &word).await?;
                    println!("{}", serde_json::json!({ "done": word }));
                }
                None => return Ok(()),
            },
            heard = bluez.next() => match heard {
                Heard::Advertised(data) => println!("{}", serde_json::json!({ "advertised": data })),
                Heard::Shown => println!("{}", serde_json::json!({ "shown": true })),
            },
        }
    }
}

async fn obey(bluez: &Bluez, word: &str) -> Result<(), Box<dyn std::error::Error>> {
    match word {
        "on" => bluez.set_powered(true).await?,
        "off" => bluez.set_powered(false).await?,
        "clear" => bluez.set_air(Air::Clear),
        "damaged" => bluez.set_air(Air::Damaged),
        "longer" => bluez.set_air(Air::Longer),
        "silent" => bluez.set_air(Air::Silent),
        other => return Err(format!("no such word: {other}").into()),
    }
    Ok(())
}
