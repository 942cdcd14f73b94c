/** What the mails say: plain text, each with one link. */

export interface Letter {
  subject: string;
  text: string;
  /** What stands in the text too; null where there is nothing to follow. */
  link: string | null;
}

export function verificationLetter(link: string): Letter {
  return letter("Confirm your e-mail address", link, [
    "Somebody, most likely you, gave this address to Cerebelum. Confirm that it is yours within one hour:",
    link,
    "If it was not you, do nothing: without this nobody can use the address.",
  ]);
}

export function resetLetter(link: string): Letter {
  return letter("Choose a new password", link, [
    "Somebody, most likely you, wants to choose a new password for your account at Cerebelum. Do so within one hour:",
    link,
    "If it was not you, do nothing: your password stays as it is.",
  ]);
}

/** To the address that an account has now. */
export function changeConfirmationLetter(newEmail: string, link: string): Letter {
  return letter("Confirm your new e-mail address", link, [
    `Somebody, most likely you, wants your account at Cerebelum to have the address ${newEmail}. Agree within one hour:`,
    link,
    "Then a second mail goes to the new address. If it was not you, do nothing and change your password.",
  ]);
}

/** Where somebody wanted to sign up with an address that has an account. */
export function knownAlreadyLetter(link: string): Letter {
  return letter("You have an account already", link, [
    "Somebody, most likely you, wanted to make an account at Cerebelum with this address. There is one already: sign in.",
    link,
    "If you forgot the password, choose a new one from there. If it was not you, do nothing.",
  ]);
}

export function invitationLetter(organisation: string, invitedBy: string, expiresAt: Date, link: string): Letter {
  return letter(`You are invited to ${organisation}`, link, [
    `${invitedBy} invites you to work in the organisation ${organisation} at Cerebelum. The link holds until ${expiresAt.toUTCString()}:`,
    link,
    "Whoever has this link can join in your place: pass it on to nobody.",
  ]);
}

function letter(subject: string, link: string, paragraphs: string[]): Letter {
  return { subject, link, text: `${paragraphs.join("\n\n")}\n` };
}
