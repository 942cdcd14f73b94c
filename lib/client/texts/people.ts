/** The texts of accounts, organisations and settings; they are part of `texts`. */

export const peopleTexts = {
  account: {
    name: "Name",
    email: "Email",
    password: "Password",
    newPassword: "New password",
    passwordRule: "12 characters or more.",
    code: "Code",
    codeHint: "The six digits that your authenticator app shows now.",
    backupCode: "Backup code",
    backupCodeHint: "One of the codes you kept when you turned the second factor on. Each works once.",
    refusal(status: number): string {
      if (status === 0) return "The server does not answer. Check that it runs, then try again.";
      if (status === 429) return "Too many attempts. Wait a minute, then try again.";
      return "This did not work. Check what you entered, then try again.";
    },
  },

  signIn: {
    title: "Sign in to Cerebelum",
    submit: "Sign in",
    wrong: "Email or password is wrong.",
    wrongCode: "The code is wrong or has run out.",
    notVerified: "Confirm your email first: open the link in the mail that we sent you.",
    useBackup: "Use a backup code",
    useCode: "Use the authenticator app",
    with: (name: string) => `Continue with ${name}`,
    forgot: "Forgot your password?",
    signUp: "Create an account",
    resetDone: "Your password is changed. Sign in with the new one.",
    /** What a link of a mail, or another site that one came back from, ended with. */
    refused(code: string): string {
      if (code === "SIGN_UP_BY_INVITATION") return "Accounts here are by invitation, and this address was not invited.";
      if (code === "SIGN_UP_CLOSED") return "New accounts cannot be made here.";
      if (code === "EMAIL_NOT_VERIFIED") return "The other site does not say that the email address is yours.";
      if (code === "sign_in_first") return "Sign in to the account that the link is for, then open it again.";
      if (code === "account_not_linked")
        return "There is an account with this email already. Sign in the way you did before.";
      return "That did not work: the link was used already, is too old, or was broken off. Try again.";
    },
    hint: "The first start prints the administrator’s email and password in its terminal.",
  },

  signUp: {
    title: "Create your account",
    submit: "Create account",
    mailed: (email: string) =>
      `If ${email} can have an account here, a mail with a link is on its way to it. Open the link to go on.`,
    refused: "This invitation cannot be used any more, or it is for another email. Ask for a new one.",
    known: "You have an account with this email. Sign in to join.",
    haveAccount: "You have an account? Sign in",
    closedTitle: "Accounts are by invitation",
    closedHint: "Ask someone who administers this installation to invite you. The link in the mail leads you here.",
  },

  forgot: {
    title: "Reset your password",
    submit: "Send a link",
    sent: "If there is an account with this email, a link is on its way to it. It works once, for an hour.",
    back: "Back to sign in",
  },

  reset: {
    title: "Choose a new password",
    submit: "Change password",
    invalid: "This link was used already or is too old. Ask for a new one.",
    again: "Ask for a new link",
  },

  invitation: {
    pageTitle: "Invitation",
    title: (organisation: string) => `Join ${organisation}`,
    role: (role: string) => `You will be: ${role}`,
    join: "Join",
    joinHint: "Your account will belong to this organisation, too.",
    haveAccount: "You have an account already? Sign in to join",
    other: (invited: string, current: string) =>
      `This invitation is for ${invited}, and you are signed in as ${current}. Sign out, then open the link again.`,
    invalidTitle: "This invitation is no longer open",
    invalidHint: "It was used, taken back, or is too old. Ask whoever sent it for a new one.",
  },

  welcome: {
    title: "You belong to no organisation yet",
    hint: "Ask someone to invite you, or start one of your own.",
    noHint: "Ask someone who administers an organisation here to invite you.",
    name: "Name of the organisation",
    nameHint: "Lower-case letters, digits and hyphens.",
    submit: "Create organisation",
    taken: "This name is taken, or is none.",
  },

  roles: {
    owner: { name: "Owner", may: "Everything, owners and the end of the organisation included" },
    admin: { name: "Admin", may: "Everything but what is for owners" },
    member: { name: "Member", may: "Start, control, decide, publish" },
    viewer: { name: "Viewer", may: "See everything, change nothing" },
    approver: { name: "Approver", may: "See and decide the approvals that name them" },
  },

  scopes: {
    read: "See everything but settings",
    client: "Start and control executions",
    deploy: "Publish workflows and schedules",
    worker: "Be a worker",
    admin: "Everything, keys and members included",
  },

  settings: {
    title: "Settings",
    tabsLabel: "Settings",
    tabs: {
      profile: "Profile",
      members: "Members",
      keys: "API keys",
      namespaces: "Namespaces",
      limits: "Limits",
      alerts: "Alerts",
      audit: "Audit log",
    },
    save: "Save",
    saved: "Saved",
    notYours: "Your role does not show this room.",

    profile: {
      nameTitle: "Name and email",
      emailHint: "A mail goes to the old address first, then to the new one.",
      emailAsked: "Open the link in the mail to go on.",
      passwordTitle: "Password",
      current: "Current password",
      change: "Change password",
      changed: "Your password is changed; all other sessions have ended.",
      wrongPassword: "The current password is wrong.",
      factorTitle: "Second factor",
      factorOn: "On: signing in asks for a code of your authenticator app.",
      factorOff: "Off. With it, a stolen password alone lets nobody in.",
      turnOn: "Turn on",
      turnOff: "Turn off",
      scan: "Scan this with your authenticator app, then enter the code that it shows.",
      qr: "Code for the authenticator app",
      byHand: "Or enter this key by hand:",
      keep: "Keep these codes: each lets you in once without the app. They are shown now only.",
      confirm: "Confirm",
      isOn: "The second factor is on.",
      isOff: "The second factor is off.",
      sessionsTitle: "Sessions",
      sessionsLabel: "Where you are signed in",
      thisOne: "This one",
      end: "End",
      endSession: (agent: string) => `End the session of ${agent}`,
      endOthers: "End all others",
      unknownAgent: "Unknown browser",
      columns: { agent: "Browser", address: "Address", since: "Since", last: "Last seen", end: "End" },
    },

    members: {
      label: "Members of the organisation",
      invite: "Invite",
      inviteTitle: "Invite someone",
      inviteHint: "They get a mail with a link that works once.",
      email: "Email",
      role: "Role",
      invited: "The invitation is on its way. This is its link, should the mail not arrive; it is shown now only.",
      columns: { person: "Person", role: "Role", joined: "Joined", actions: "Actions" },
      roleOf: (email: string) => `Role of ${email}`,
      remove: "Remove",
      removeTitle: (email: string) => `Remove ${email}?`,
      removeHint: "They get in no more from this moment. Keys that they made go on working: look at API keys.",
      removed: "Removed",
      openTitle: "Open invitations",
      openLabel: "Invitations that are open",
      openColumns: { email: "Email", role: "Role", expires: "Until", actions: "Actions" },
      revoke: "Take back",
      revokeOf: (email: string) => `Take back the invitation of ${email}`,
    },

    keys: {
      label: "API keys of this namespace",
      create: "Create key",
      createTitle: "Create an API key",
      createHint: (namespace: string) => `It works in the namespace ${namespace} alone.`,
      name: "Name",
      scopes: "What it may do",
      expires: "Works until",
      expiresHint: "Without a day it works until it is revoked.",
      queues: "Queues",
      queuesHint: "With commas between; none: all.",
      workflows: "Workflows",
      madeTitle: "Copy the key now",
      made: "It is shown this once. Whoever has it may do what it may.",
      done: "I have copied it",
      columns: { key: "Key", scopes: "May", used: "Last used", expires: "Until", actions: "Actions" },
      never: "Never",
      revoked: "Revoked",
      expired: "Expired",
      noEnd: "No end",
      limits: (names: string) => `only ${names}`,
      rotate: "Rotate",
      rotateOf: (name: string) => `Rotate ${name}`,
      rotateTitle: (name: string) => `Rotate ${name}?`,
      rotateHint: "A new secret takes its place. The old one works for one more hour, so that nothing stops meanwhile.",
      revoke: "Revoke",
      revokeOf: (name: string) => `Revoke ${name}`,
      revokeTitle: (name: string) => `Revoke ${name}?`,
      revokeHint: "Whatever uses it is refused within five seconds. This cannot be undone.",
      noneTitle: "No keys in this namespace",
      noneHint: "Programs call the API with a key: clients that start executions, workers that run their steps.",
    },

    namespaces: {
      label: "Namespaces of the organisation",
      create: "Create namespace",
      createTitle: "Create a namespace",
      createHint: "Nothing of one namespace is seen in another: workflows, executions, workers, keys.",
      name: "Name",
      nameHint: "Such as production; it cannot be changed later.",
      columns: { name: "Name", created: "Created", actions: "Actions" },
      here: "You are here",
      open: "Open",
      openOf: (name: string) => `Open ${name}`,
    },

    audit: {
      label: "What was done, newest first",
      columns: { at: "When", actor: "Who", action: "What", target: "To", outcome: "Outcome", from: "From" },
      actor: "Who",
      action: "What",
      outcome: "Outcome",
      outcomes: { all: "All", done: "Done", refused: "Refused" },
      times: (n: number) => `${n} times`,
      export: "Export",
      more: "Load more",
      noneTitle: "Nothing here yet",
      noneHint: "What people and keys change, and what they are refused, is written down here.",
      noMatch: "No entry matches.",
    },
  },
};
