//! Races: many at the same moment, one winner, and losers who are told why.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::Barrier;

use crate::TestContext;

/// How many go at once.
pub const RACERS: usize = 32;

/// Rounds of one race: what `KEYWARD_RACE_ROUNDS` says, else few enough for every day.
pub fn rounds(test: &TestContext) -> usize {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration to read it from")]
    let wished = std::env::var("KEYWARD_RACE_ROUNDS").ok();
    let usual = if test.cx.db.is_postgres() { 10 } else { 25 };
    wished
        .map_or(usual, |wished| wished.parse().unwrap_or_else(|_| panic!("KEYWARD_RACE_ROUNDS is {wished}")))
}

/// Lets all of them go at the same moment and gives what came of each.
pub async fn race<T: Send + 'static>(
    racers: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let racers: Vec<_> = racers.into_iter().collect();
    let start = Arc::new(Barrier::new(racers.len()));
    let running: Vec<_> = racers
        .into_iter()
        .map(|racer| {
            let start = Arc::clone(&start);
            tokio::spawn(async move {
                start.wait().await;
                racer.await
            })
        })
        .collect();
    let mut ended = Vec::new();
    for racer in running {
        ended.push(racer.await.unwrap_or_else(|error| panic!("{error}")));
    }
    ended
}

/// Exactly one won, and every loser was told one of the expected codes.
pub fn assert_one_winner<T>(outcomes: &[Result<T, &'static str>], losing: &[&str]) {
    let losers: Vec<&str> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err().copied()).collect();
    assert_eq!(outcomes.len() - losers.len(), 1, "one winner; the losers heard {losers:?}");
    assert!(losers.iter().all(|code| losing.contains(code)), "the losers heard {losers:?}");
}

/// Makes a test on SQLite and one on PostgreSQL of each function of the calling module; `with` gives the variation of
/// their deployments.
#[macro_export]
macro_rules! on_both_databases {
    (with $variation:expr; $($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::TestContext::sqlite_with($variation).await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                // Where there is none, the reason has been printed.
                if let Some(test) = $crate::TestContext::postgres_with($variation).await {
                    super::$name(test).await;
                }
            })+
        }
    };
    ($($name:ident),+ $(,)?) => {
        $crate::on_both_databases! { with $crate::deployment::Variation::default(); $($name),+ }
    };
}
