//! Carries packets between a port and the worker.

use std::io;
use std::time::Instant;

use authenticator::Vault;

use super::channels::{Action, Channels};
use super::packet::Packet;
use crate::face::Via;
use crate::worker::{Progress, Reply, Worker};

/// Where packets come from and go to.
pub(crate) trait Port: Send {
    /// The next packet; `None` if there will be none. May be dropped and called again: nothing is lost.
    fn next(&mut self) -> impl Future<Output = io::Result<Option<Packet>>> + Send;

    /// Sends a packet.
    fn send(&mut self, packet: &Packet) -> impl Future<Output = io::Result<()>> + Send;
}

/// What happens next.
enum Event {
    Packet(Option<Packet>),
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
    let mut open: Option<Reply> = None;
    loop {
        let event = tokio::select! {
            packet = port.next() => Event::Packet(packet?),
            progress = next(&mut open) => Event::Progress(progress),
            () = until(channels.deadline()) => Event::Silence,
        };
        let actions = match event {
            Event::Packet(None) => return Ok(()),
            Event::Packet(Some(packet)) => channels.packet(&packet, now()),
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
                Action::Request(request) => open = Some(worker.handle(Via::SecurityKey, request)),
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
