//! `kasyr admin create|list|reset`: who may work with the admin pages. Who can run it has the ledger in
//! hands anyway, so it asks for no password.

use clap::Subcommand;
use ingress::config::AdminConfig;
use ledger::Ledger;
use ledger::people::{Invited, NewUser, Reach, Role, User, UserError};
use program::Problems;
use secrecy::ExposeSecret as _;

use super::exit::Exit;
use super::hand::ACTOR;
use super::text::moment;
use crate::config::Base;

#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make an administrator and print the one-time link with which they choose a password
    Create {
        /// What they will type to sign in
        #[arg(long, default_value = "admin")]
        login: String,
        /// Their name, as the pages show it; the login if it is not given
        #[arg(long)]
        name: Option<String>,
        /// The language of their pages
        #[arg(long, default_value = "uk", value_parser = ["uk", "en"])]
        language: String,
    },
    /// List everybody who may work with the admin pages
    List,
    /// Print another one-time link for somebody who cannot sign in any more
    Reset {
        /// What they type to sign in
        login: String,
    },
}

impl Admin {
    pub async fn execute(self, base: &Base, env: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Exit> {
        let pages = AdminConfig::from_env(env).map_err(Problems)?;
        let ledger = base.open().await?;
        match self {
            Self::Create { login, name, language } => {
                let new = NewUser {
                    name: name.unwrap_or_else(|| login.clone()),
                    login,
                    role: Role::Administrator,
                    reach: Reach::Everything,
                    language,
                };
                create(&ledger, &pages, &new).await
            }
            Self::List => list(&ledger).await,
            Self::Reset { login } => reset(&ledger, &pages, &login).await,
        }
    }
}

async fn create(ledger: &Ledger, pages: &AdminConfig, new: &NewUser) -> anyhow::Result<Exit> {
    match ledger.invite(&Reach::Everything, new, ACTOR, ledger.now()).await {
        Ok(invited) => {
            println!("{} is an administrator now.", invited.user.login);
            tell_link(pages, &invited);
            Ok(Exit::Done)
        }
        Err(UserError::LoginTaken) => {
            println!(
                "There is a user {0:?} already. For another link: kasyr admin reset {0}",
                new.login
            );
            Ok(Exit::Failed)
        }
        Err(UserError::BadLogin) => {
            println!(
                "{:?} cannot be a login: it should be 1 to 64 letters, digits and . - _ @ +, and not 'kasyr'.",
                new.login
            );
            Ok(Exit::Failed)
        }
        Err(UserError::BadName) => {
            println!("{:?} cannot be a name: it should be 1 to 100 characters.", new.name);
            Ok(Exit::Failed)
        }
        Err(error) => Err(error.into()),
    }
}

/// Who lost the password may have lost the second step with it, and has nobody to ask.
async fn reset(ledger: &Ledger, pages: &AdminConfig, login: &str) -> anyhow::Result<Exit> {
    let login = login.trim().to_lowercase();
    let users = ledger.users(&Reach::Everything).await?;
    let Some(user) = users.into_iter().find(|user| user.login == login) else {
        println!("There is no user {login:?}; see them with: kasyr admin list");
        return Ok(Exit::Failed);
    };
    let now = ledger.now();
    match ledger.invite_again(&Reach::Everything, &user.id, ACTOR, now).await {
        Ok(invited) => {
            println!("{} is signed out everywhere.", user.login);
            if ledger.set_totp(&user.id, None, ACTOR, now).await? {
                println!("The second step at sign-in is off; they can set it up again on their page.");
            }
            tell_link(pages, &invited);
            Ok(Exit::Done)
        }
        Err(UserError::Disabled) => {
            println!(
                "{} is disabled; an administrator can enable them on the page of users.",
                user.login
            );
            Ok(Exit::Failed)
        }
        Err(error) => Err(error.into()),
    }
}

fn tell_link(pages: &AdminConfig, invited: &Invited) {
    let link = pages.link(&format!("/welcome/{}", invited.token.expose_secret()));
    println!(
        "This link lets them choose a password, once, until {}:",
        moment(invited.expires_at)
    );
    println!("  {link}");
    println!("Give it to nobody else; links printed before no longer work.");
}

async fn list(ledger: &Ledger) -> anyhow::Result<Exit> {
    let users = ledger.users(&Reach::Everything).await?;
    if users.is_empty() {
        println!("Nobody can sign in yet; make an administrator with: kasyr admin create");
    }
    for user in &users {
        println!("{}", line(user));
    }
    Ok(Exit::Done)
}

fn line(user: &User) -> String {
    let reach = match &user.reach {
        Reach::Everything => "every merchant".to_owned(),
        Reach::Merchants(ids) if ids.is_empty() => "no merchant".to_owned(),
        Reach::Merchants(ids) => ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", "),
    };
    let mut text = format!("{}  {}  {}, {reach}", user.login, user.name, user.role.as_str());
    if user.disabled_at.is_some() {
        text.push_str(", disabled");
    }
    if !user.has_password {
        text.push_str(", has not chosen a password yet");
    }
    if user.has_totp {
        text.push_str(", with a second step");
    }
    text
}
