//! Connections that speak HTTP/1 and nothing else, where what serves them would take HTTP/2, too.
//!
//! The listener serves tunnels only in the mode that finds out which of the two is spoken. All bounds here are those of
//! HTTP/1: one request at a time, a head by its deadline. Whoever begins as HTTP/2 begins is hung up on.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How HTTP/2 begins (RFC 9113 section 3.4), and no request of HTTP/1.
const PREFACE: &[u8] = b"PRI ";

/// Accepts what the other one does.
#[derive(Clone, Debug)]
pub(super) struct OnlyHttp1<A>(pub(super) A);

impl<A, S> Accept<TcpStream, S> for OnlyHttp1<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
{
    type Stream = Checked<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let accepting = self.0.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepting.await?;
            Ok((Checked { stream, rest: PREFACE }, service))
        })
    }
}

/// A connection whose first bytes are looked at.
#[derive(Debug)]
pub(super) struct Checked<S> {
    stream: S,
    /// What of the preface would come next; nothing once something else came.
    rest: &'static [u8],
}

impl<S> Checked<S> {
    fn check(&mut self, bytes: &[u8]) -> io::Result<()> {
        for byte in bytes {
            match self.rest.split_first() {
                Some((next, rest)) if next == byte => {
                    self.rest = rest;
                    if rest.is_empty() {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "HTTP/2 is not spoken here"));
                    }
                }
                _ => {
                    self.rest = &[];
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Checked<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        std::task::ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if self.rest.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let checked = self.check(buf.filled().get(before..).unwrap_or_default());
        if checked.is_err() {
            // Who fails has read nothing.
            buf.set_filled(before);
        }
        Poll::Ready(checked)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Checked<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    async fn read(pieces: &[&[u8]]) -> io::Result<Vec<u8>> {
        let mut script = connection(pieces);
        let mut all = Vec::new();
        script.read_to_end(&mut all).await.map(|_| all)
    }

    /// A connection on which those pieces come, each by itself.
    fn connection<'a>(pieces: &'a [&'a [u8]]) -> Checked<Pieces<'a>> {
        Checked { stream: Pieces(pieces), rest: PREFACE }
    }

    struct Pieces<'a>(&'a [&'a [u8]]);

    impl AsyncRead for Pieces<'_> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if let Some((piece, rest)) = self.0.split_first() {
                buf.put_slice(piece);
                self.0 = rest;
            }
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn http_2_is_hung_up_on_however_it_is_cut_and_nothing_else_is() {
        for pieces in
            [&[&b"PRI * HTTP/2.0\r\n"[..]][..], &[b"P", b"R", b"I", b" * HTTP/2.0"], &[b"PR", b"I "]]
        {
            assert!(read(pieces).await.is_err(), "{pieces:?}");
        }
        for pieces in [
            &[&b"GET / HTTP/1.1\r\n"[..]][..],
            &[b"P", b"OST / HTTP/1.1"],
            &[b"PRIX", b"PRI "],
            &[b"G", b"PRI * HTTP/2.0"],
            &[],
        ] {
            assert_eq!(read(pieces).await.unwrap(), pieces.concat(), "{pieces:?}");
        }
    }
}
