//! The whole application on a port of this computer, for programs that are no browsers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::TestApp;
use crate::deployment::{TestContext, Variation};

/// A deployment that listens at the origin that its ceremonies come from.
pub struct Listening {
    /// The deployment.
    pub app: TestApp,
    lost: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listening {
    /// On a fresh SQLite file and a free port.
    pub async fn start(variation: Variation) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("{error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let origin = Some(format!("http://localhost:{port}"));
        let app = TestApp::on(TestContext::sqlite_with(Variation { origin, ..variation }).await);
        let lost = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&lost);
        let router = app.router.clone().layer(middleware::from_fn(move |request: Request, next: Next| {
            lose(request, next, Arc::clone(&counter))
        }));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                panic!("{error}");
            }
        });
        Self { app, lost, task }
    }

    /// Its origin.
    pub fn origin(&self) -> &str {
        self.app.test.origin()
    }

    /// The answers to the next so many requests that finish a creation get lost on the way back.
    pub fn lose(&self, answers: usize) {
        self.lost.store(answers, Ordering::SeqCst);
    }
}

/// The request arrives and is carried out; its answer is a proxy's that has lost patience.
async fn lose(request: Request, next: Next, lost: Arc<AtomicUsize>) -> Response {
    let finishes = request.uri().path().ends_with("/finish");
    let answer = next.run(request).await;
    let less = |left: usize| left.checked_sub(1);
    if finishes && lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok() {
        return (StatusCode::BAD_GATEWAY, "<h1>Bad Gateway</h1>").into_response();
    }
    answer
}
