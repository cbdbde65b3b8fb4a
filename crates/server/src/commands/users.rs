//! `keyward user` and `keyward role`.

use account::role::Role;
use account::user::{Login, User, UserId};
use serde_json::{Value, json};
use service::administer_users::{self, AdministerError, Changes, NewUser, Shown};
use service::{Authority, Context};

use super::{Failure, open, passes, passkeys, passwords, print, table};
use crate::cli::{ChangeUser, Common, RoleCommand, User as Command};
use crate::node::operator;

/// Users read from the store at once.
const PAGE: u32 = 500;

pub(super) async fn run(common: &Common, command: Command) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        Command::Add { email, name, role } => {
            let new = NewUser { login: email.shown().to_owned(), name, role, ..NewUser::default() };
            let user = administer_users::add(cx, &mut operator(), Authority::Operator, new).await?;
            let json = json!({ "id": user.id, "email": user.login.shown(), "name": user.name });
            print(common, &json, || format!("Added {} as {}.", user.name, user.login))
        }
        Command::List => {
            let users = all(cx).await?;
            let json = Value::Array(users.iter().map(user_json).collect());
            print(common, &json, || table(&users.iter().map(user_row).collect::<Vec<_>>()))
        }
        Command::Show { email } => show(common, cx, &email).await,
        Command::Change(change) => change_user(common, cx, change).await,
        Command::Disable { email } => {
            let user = find(cx, &email).await?;
            let user = administer_users::disable(cx, &mut operator(), Authority::Operator, user).await?;
            print(common, &user_json(&user), || {
                format!("{} is disabled and signed out everywhere.", user.login)
            })
        }
        Command::Enable { email } => {
            let user = find(cx, &email).await?;
            let user = administer_users::enable(cx, &mut operator(), Authority::Operator, user).await?;
            print(common, &user_json(&user), || format!("{} can sign in again.", user.login))
        }
        Command::More(command) => super::directory::people(common, cx, command).await,
    }
}

pub(super) async fn roles(common: &Common, command: RoleCommand) -> Result<(), Failure> {
    let node = open(common).await?;
    let cx = &node.service;
    match command {
        RoleCommand::List => {
            let mut users = all(cx).await?;
            users.retain(|user| user.role > Role::User);
            let json = Value::Array(users.iter().map(user_json).collect());
            print(common, &json, || table(&users.iter().map(user_row).collect::<Vec<_>>()))
        }
        RoleCommand::Set { email, role } => {
            let user = find(cx, &email).await?;
            let user =
                administer_users::set_role(cx, &mut operator(), Authority::Operator, user, role).await?;
            print(common, &user_json(&user), || format!("{} has the role {}.", user.login, user.role))
        }
    }
}

async fn show(common: &Common, cx: &Context, email: &Login) -> Result<(), Failure> {
    let Shown { user, passkeys, pass, password, codes, recovery_codes } =
        administer_users::show(cx, email.shown()).await?;
    let password = passwords::word(password);
    let left = recovery_codes.map_or(0, |codes| codes.left);
    let mut json = user_json(&user);
    if let Value::Object(fields) = &mut json {
        fields.insert("passkeys".to_owned(), Value::Array(passkeys.iter().map(passkeys::json).collect()));
        let pass = pass.as_ref().map(|pass| passes::json(pass, cx));
        fields.insert("pass".to_owned(), pass.unwrap_or(Value::Null));
        fields.insert("password".to_owned(), json!(password));
        fields.insert("authenticatorCodes".to_owned(), json!(codes));
        fields.insert("recoveryCodesLeft".to_owned(), json!(left));
    }
    print(common, &json, || {
        let mut rows = vec![user_row(&user)];
        let codes = if codes { "authenticator codes" } else { "no authenticator codes" };
        let others = [format!("password: {password}"), codes.to_owned(), format!("recovery codes: {left}")];
        rows.push(others.to_vec());
        rows.extend(passkeys.iter().map(passkeys::row));
        rows.extend(pass.as_ref().map(|pass| passes::row(pass, cx)));
        table(&rows)
    })
}

async fn change_user(common: &Common, cx: &Context, change: ChangeUser) -> Result<(), Failure> {
    let ChangeUser { email, login, name, address, no_email, language } = change;
    let user = find(cx, &email).await?;
    let changes = Changes {
        login: login.map(|login| login.shown().to_owned()),
        name,
        email: if no_email { Some(None) } else { address.map(Some) },
        language: language.map(Some),
        ..Changes::default()
    };
    let changed = administer_users::change(cx, &mut operator(), Authority::Operator, user, changes).await;
    let user = match changed {
        Err(AdministerError::LoginTaken) => {
            let why = "Nothing was changed: somebody else signs in under this name already.";
            return Err(Failure::refused(why));
        }
        Err(AdministerError::Email(_)) => {
            return Err(Failure::refused("Nothing was changed: that is no e-mail address."));
        }
        changed => changed?,
    };
    let mut json = user_json(&user);
    if let Value::Object(fields) = &mut json {
        fields.insert("noticesTo".to_owned(), json!(user.email));
        fields.insert("language".to_owned(), json!(user.language));
    }
    print(common, &json, || format!("{} signs in as {}. Passkeys go on working.", user.name, user.login))
}

/// The person called so.
pub(super) async fn find(cx: &Context, email: &Login) -> Result<UserId, Failure> {
    Ok(administer_users::show(cx, email.shown()).await?.user.id)
}

/// Everybody, in the order of their logins.
pub(super) async fn all(cx: &Context) -> Result<Vec<User>, Failure> {
    let mut users: Vec<User> = Vec::new();
    loop {
        let after = users.last().map(|user| user.login.clone());
        let page = administer_users::list(cx, after, PAGE).await?;
        if page.is_empty() {
            return Ok(users);
        }
        users.extend(page);
    }
}

pub(super) fn user_json(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.login.shown(),
        "name": user.name,
        "role": user.role,
        "status": user.status,
        "createdAt": user.created.to_string(),
    })
}

fn user_row(user: &User) -> Vec<String> {
    vec![user.login.to_string(), user.name.clone(), user.role.to_string(), user.status.to_string()]
}
