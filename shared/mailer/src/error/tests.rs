use super::*;

fn refusal(stage: Stage, code: u16, text: &str) -> SendError {
    let text = text.to_owned();
    SendError::Refused {
        stage,
        reply: Reply { code, text },
    }
}

#[test]
fn refusals_are_classed_by_stage_and_code() {
    for (stage, code, text, class) in [
        (Stage::Greeting, 421, "busy", Class::NotSent),
        (Stage::Greeting, 554, "no service here", Class::BadConfiguration),
        (Stage::Hello, 550, "go away", Class::BadConfiguration),
        (Stage::StartTls, 454, "not now", Class::NotSent),
        (Stage::SignIn, 535, "5.7.8 bad credentials", Class::BadConfiguration),
        (Stage::SignIn, 454, "4.7.0 later", Class::NotSent),
        (Stage::Sender, 530, "5.7.0 sign in first", Class::BadConfiguration),
        (Stage::Sender, 553, "5.7.1 not your sender", Class::BadConfiguration),
        (
            Stage::Sender,
            552,
            "5.3.4 too large",
            Class::RefusedForGood { code: 552 },
        ),
        (Stage::Sender, 451, "later", Class::NotSent),
        (Stage::Recipient, 450, "4.2.1 greylisted", Class::NotSent),
        (Stage::Recipient, 452, "4.2.2 full", Class::NotSent),
        (
            Stage::Recipient,
            550,
            "5.1.1 no such user",
            Class::BadAddress { code: 550 },
        ),
        (Stage::Recipient, 550, "no such user", Class::BadAddress { code: 550 }),
        (
            Stage::Recipient,
            501,
            "5.1.3 bad address syntax",
            Class::BadAddress { code: 501 },
        ),
        (Stage::Recipient, 556, "5.1.10 null MX", Class::BadAddress { code: 556 }),
        (
            Stage::Recipient,
            554,
            "5.7.1 relay access denied",
            Class::BadConfiguration,
        ),
        (Stage::Recipient, 503, "5.5.1 sender first", Class::BadConfiguration),
        (Stage::Recipient, 530, "sign in first", Class::BadConfiguration),
        (
            Stage::Data,
            554,
            "5.5.1 no valid recipients",
            Class::RefusedForGood { code: 554 },
        ),
        (Stage::Answer, 554, "5.7.1 spam", Class::RefusedForGood { code: 554 }),
        (Stage::Answer, 552, "too large", Class::RefusedForGood { code: 552 }),
        (Stage::Answer, 451, "later", Class::NotSent),
        (Stage::Answer, 421, "closing", Class::NotSent),
    ] {
        assert_eq!(refusal(stage, code, text).class(), class, "{stage}: {code} {text}");
    }
}

#[test]
fn only_a_failure_after_the_last_dot_leaves_anything_unknown() {
    let stages = [
        Stage::Connect,
        Stage::Greeting,
        Stage::Hello,
        Stage::StartTls,
        Stage::SignIn,
        Stage::Sender,
        Stage::Recipient,
        Stage::Data,
        Stage::Letter,
        Stage::Answer,
    ];
    for stage in stages {
        let class = if stage == Stage::Answer {
            Class::Unknown
        } else {
            Class::NotSent
        };
        let source = io::ErrorKind::BrokenPipe.into();
        let waited = Duration::ZERO;
        assert_eq!(SendError::Lost { stage, source }.class(), class, "{stage}");
        assert_eq!(SendError::Silent { stage, waited }.class(), class, "{stage}");
        assert_eq!(SendError::Nonsense { stage }.class(), class, "{stage}");
    }
}
