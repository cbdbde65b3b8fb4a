//! Carries packets between a port and the worker.

use std::io;
use std::time::Instant;

use authenticator::Vault;

use super::channels::{Action, Channels};
use super::packet::Packet;
use crate::face::Via;
use crate::worker::{Program, Progress, Reply, Worker};

/// What comes from a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// A packet.
    Packet(Packet),
    /// Nobody is at the other end any more. Somebody may come again.
    Deserted,
}

/// Where packets come from and go to.
pub(crate) trait Port: Send {
    /// What comes next; `None` if nothing will. May be dropped and called again: nothing is lost.
    fn next(&mut self) -> impl Future<Output = io::Result<Option<Incoming>>> + Send;

    /// Sends a packet.
    fn send(&mut self, packet: &Packet) -> impl Future<Output = io::Result<()>> + Send;
}

/// What happens next.
enum Event {
    Incoming(Option<Incoming>),
    Progress(Progress),
    Silence,
}

/// Serves a port until nothing comes from it any more. A request that is open then is given up.
pub(crate) async fn carry<V, P>(port: &mut P, worker: &Worker<V>) -> io::Result<()>
where
    V: Vault + Send + 'static,
    P: Port,
{
    let mut channels = Channels::default();
    let connection = worker.connection();
    let mut open: Option<Reply> = None;
    loop {
        let event = tokio::select! {
            incoming = port.next() => Event::Incoming(incoming?),
            progress = next(&mut open) => Event::Progress(progress),
            () = until(channels.deadline()) => Event::Silence,
        };
        let actions = match event {
            Event::Incoming(None) => return Ok(()),
            Event::Incoming(Some(Incoming::Packet(packet))) => channels.packet(&packet, now()),
            Event::Incoming(Some(Incoming::Deserted)) => channels.deserted(),
            Event::Progress(Progress::KeepAlive(waiting)) => channels.keep_alive(waiting),
            Event::Progress(Progress::Done(reply)) => {
                open = None;
                channels.reply(&reply)
            }
            Event::Silence => channels.silence(now()),
        };
        for action in actions {
            match action {
                Action::Send(packet) => port.send(&packet).await?,
                Action::Request(request) => {
                    let program = Program { connection, channel: channels.at_work().map_or(0, |at| at.0) };
                    open = Some(worker.handle_for(Via::SecurityKey, program, request));
                }
                Action::Cancel => open.iter_mut().for_each(Reply::cancel),
                Action::Abandon => open = None,
            }
        }
    }
}

async fn next(open: &mut Option<Reply>) -> Progress {
    match open {
        Some(reply) => reply.next().await,
        None => std::future::pending().await,
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

/// The clock that the deadlines of messages are on.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

#[cfg(test)]
mod tests;
