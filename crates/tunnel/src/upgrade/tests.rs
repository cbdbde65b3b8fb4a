use super::*;

fn asking(change: impl FnOnce(&mut Request<()>)) -> Option<RelayRefusal> {
    let mut request = Request::builder()
        .uri("/cable/new/00112233445566778899aabbccddeeff")
        .header("connection", "keep-alive, Upgrade")
        .header("upgrade", "WebSocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "other, fido.cable")
        .header("sec-websocket-extensions", "permessage-deflate")
        .body(())
        .unwrap();
    change(&mut request);
    Asked::read(&request).err()
}

fn without(name: &str) -> Option<RelayRefusal> {
    asking(|request| drop(request.headers_mut().remove(name)))
}

fn with(name: &'static str, value: &'static str) -> Option<RelayRefusal> {
    asking(|request| drop(request.headers_mut().insert(name, HeaderValue::from_static(value))))
}

#[test]
fn a_tunnel_is_a_web_socket_with_its_subprotocol() {
    assert_eq!(asking(|_| ()), None);
    for name in
        ["connection", "upgrade", "sec-websocket-version", "sec-websocket-key", "sec-websocket-protocol"]
    {
        assert_eq!(without(name), Some(RelayRefusal::NotATunnel), "{name}");
        assert_eq!(with(name, "nonsense"), Some(RelayRefusal::NotATunnel), "{name}");
    }
    assert_eq!(asking(|request| *request.method_mut() = Method::POST), Some(RelayRefusal::NotATunnel));
    assert_eq!(asking(|request| *request.uri_mut() = "/".parse().unwrap()), Some(RelayRefusal::NoPath));
    let odd = |request: &mut Request<()>| *request.uri_mut() = "/cable/new/00".parse().unwrap();
    assert_eq!(asking(odd), Some(RelayRefusal::PathForm));
}

#[test]
fn the_answer_proves_that_the_key_was_read_and_takes_up_no_extension() {
    let request = Request::builder()
        .uri("/cable/new/00112233445566778899aabbccddeeff")
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "fido.cable")
        .header("sec-websocket-extensions", "permessage-deflate")
        .body(())
        .unwrap();
    let response = Asked::read(&request).unwrap_or_else(|refusal| panic!("{refusal:?}")).accepted();
    assert_eq!(response.status(), 101);
    assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_eq!(response.headers()["sec-websocket-protocol"], "fido.cable");
    assert!(!response.headers().contains_key("sec-websocket-extensions"));
}

#[test]
fn a_refusal_says_its_name_and_when_to_come_again() {
    let full = refused(RelayRefusal::Full);
    assert_eq!((full.status().as_u16(), full.body().as_str()), (503, "full\n"));
    assert!(full.headers().contains_key("retry-after"));
    assert_eq!(refused(RelayRefusal::NotATunnel).headers()["upgrade"], "websocket");
    assert_eq!(refused(RelayRefusal::NoTunnel).status(), 404);
}
