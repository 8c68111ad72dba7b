//! `secure_collect`: card numbers and PINs, of which nothing is kept anywhere.

use crate::given::Given;
use crate::io::Shield;
use crate::node::{Complaint, Help, Kind, Media, Next, Node, Param, Takes};
use crate::nodes::collect::{BETWEEN_PARAM, Digits, TERMINATOR};
use crate::nodes::usual;
use crate::scene::Scene;

/// See the help.
pub const KIND: Kind = Kind {
    name: "secure_collect",
    title: Help { en: "Secure collect", zh: "安全收号" },
    media: Media::Voice,
    help: Help {
        en: "Asks for digits that nobody may see: a card's number, its security code, a PIN. While they are typed the caller is neither transcribed nor recorded, and the keys stand in no record, log or page. The variable can only be sent to a server, by `lookup` or `webhook`, and is forgotten with the call.",
        zh: "输入任何人都不能看到的数字：银行卡号、安全码、密码。输入期间不转写、不录音，按键不出现在任何记录、日志或页面中。变量只能通过 `lookup` 或 `webhook` 发送给服务器，通话结束即清除。",
    },
    params: &[
        BETWEEN_PARAM,
        Param {
            name: "into",
            takes: Takes::Into { hidden: true },
            required: true,
            help: Help {
                en: "The variable that gets them; it is never shown.",
                zh: "存入的变量，永不显示。",
            },
        },
        usual::NEXT_ANSWERED,
        usual::NO_INPUT,
        usual::NO_MATCH,
        usual::PROMPTS,
        TERMINATOR,
        Param {
            name: "what",
            takes: Takes::Choice(&["card", "code", "pin"]),
            required: true,
            help: Help {
                en: "`card`: 12 to 19 digits whose check digit is right (Luhn); `code`: 3 or 4 digits; `pin`: 4 to 12.",
                zh: "`card`：12 至 19 位，且校验位正确（Luhn）；`code`：3 或 4 位；`pin`：4 至 12 位。",
            },
        },
    ],
    example: r#"[steps.which_card]
kind = "secure_collect"
what = "card"
prompts = "choices"
into = "card"
no_match = { times = 2, prompt = "wrong", then = "bye" }
next = "pay"

[steps.pay]
kind = "lookup"
url = "https://crm.example.com/pay"
headers = { authorization = "Bearer {secret.crm}" }
body = { card = "{card}", caller = "{caller.number}" }
into = { receipt = "$.receipt" }
next = "bye"
failed = "bye"

[steps.bye]
kind = "hangup"
prompts = "goodbye"
"#,
    make,
};

fn make(given: &mut Given) -> Result<Box<dyn Node>, Complaint> {
    let (range, is_card) = match given.text("what").as_deref() {
        Some("card") => ((12, 19), true),
        Some("code") => ((3, 4), false),
        _ => ((4, 12), false),
    };
    Ok(Box::new(SecureCollect {
        digits: Digits::take(given, range)?,
        is_card,
        into: given.text("into").unwrap_or_default(),
        next: given.step("next").unwrap_or_default(),
    }))
}

#[derive(Debug)]
struct SecureCollect {
    digits: Digits,
    is_card: bool,
    into: String,
    next: String,
}

impl SecureCollect {
    fn take(&self, scene: &mut Scene<'_>, digits: String) -> Next {
        if !self.digits.fits(&digits) || (self.is_card && !is_card_number(&digits)) {
            return self.digits.asking.miss(scene);
        }
        scene.hide(&self.into, digits);
        Next::Go(self.next.clone())
    }
}

/// The check digit of ISO/IEC 7812-1 Annex B (Luhn).
fn is_card_number(digits: &str) -> bool {
    let mut sum = 0;
    for (at, digit) in digits.bytes().rev().map(|b| u32::from(b.wrapping_sub(b'0'))).enumerate() {
        let doubled = if at % 2 == 1 { digit * 2 } else { digit };
        sum += if doubled > 9 { doubled - 9 } else { doubled };
    }
    sum % 10 == 0
}

impl Node for SecureCollect {
    fn enter(&self, scene: &mut Scene<'_>) -> Next {
        scene.answer();
        // Before anything is said: keys that come early are secret too.
        scene.shield(Shield::All);
        self.digits.asking.begin(scene, [])
    }

    fn played(&self, scene: &mut Scene<'_>) -> Next {
        self.digits.asking.asked(scene)
    }

    fn digit(&self, scene: &mut Scene<'_>, key: char) -> Next {
        match self.digits.key(scene, key) {
            Some(digits) => self.take(scene, digits),
            None => Next::Stay,
        }
    }

    fn elapsed(&self, scene: &mut Scene<'_>) -> Next {
        if scene.typed().is_empty() {
            return self.digits.asking.silence(scene);
        }
        let digits = self.digits.typed(scene);
        self.take(scene, digits)
    }

    fn serves_text(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_checked_by_their_check_digit() {
        for good in ["4111111111111111", "5500000000000004", "340000000000009", "6011000000000004"] {
            assert!(is_card_number(good), "{good}");
        }
        for bad in ["4111111111111112", "4111111111111101", "1234567890123"] {
            assert!(!is_card_number(bad), "{bad}");
        }
    }
}
