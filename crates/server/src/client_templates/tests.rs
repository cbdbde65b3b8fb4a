use super::*;

const FILLED: Filled<'_> = Filled {
    issuer: "https://id.example.com",
    url: "https://app.example.com/",
    client: "app-1",
    secret: "kws_{issuer}",
};

#[test]
fn every_template_makes_an_application_that_stands() {
    assert_eq!(
        all().iter().map(|template| template.id.as_str()).collect::<Vec<_>>(),
        ["grafana", "gitlab", "nextcloud", "oauth2-proxy", "immich", "proxmox", "kubernetes", "generic"]
    );
    for template in all() {
        let id = ClientId::parse("app-1").unwrap();
        let mut terms = template.terms(id, &template.name, &template.address);
        if terms.client.redirect_uris.is_empty() {
            assert_eq!(template.id, GENERIC);
            terms.client.redirect_uris.push("https://app.example.com/callback".to_owned());
        }
        assert_eq!(terms.clone().judged(), Ok(terms), "{}", template.id);
    }
}

#[test]
fn what_to_paste_is_filled_in_once() {
    for template in all() {
        let secret = template.authentication != Authentication::None;
        let pastes = template.pastes(FILLED);
        let text: String = pastes.iter().map(|paste| paste.text.as_str()).collect();
        for word in ["{issuer}", "{url}", "{client_id}", "{client_secret}", "{name}"] {
            // The secret holds a word of its own, which is left as it is.
            let expected = usize::from(secret && word == "{issuer}");
            assert_eq!(text.matches(word).count(), expected, "{} {word}", template.id);
        }
        assert!(text.contains("https://id.example.com") && text.contains("app-1"), "{}", template.id);
        assert_eq!(text.contains("kws_"), secret, "{}", template.id);
        assert!(!text.contains("app.example.com//"), "{}", template.id);
    }
}

#[test]
fn redirects_are_those_that_are_pasted() {
    for id in ["gitlab", "oauth2-proxy", "immich", "kubernetes"] {
        let template = find(id).unwrap();
        let terms = template.terms(ClientId::parse("app-1").unwrap(), "App", "https://app.example.com");
        let text: String = template.pastes(FILLED).into_iter().map(|paste| paste.text).collect();
        assert!(terms.client.redirect_uris.iter().any(|uri| text.contains(uri.as_str())), "{id}");
    }
}
