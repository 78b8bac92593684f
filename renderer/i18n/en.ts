import type { LanguageFile } from './language-file.js';

const en: LanguageFile = {
  code: 'en',
  locale: 'en-GB',
  name: 'English',
  direction: 'ltr',
  messages: {
    frame: {
      back: 'Back',
      help: 'Help',
      finish: 'Clear and finish',
      largerText: 'Larger text',
      normalText: 'Normal text',
      highContrast: 'High contrast',
      normalContrast: 'Normal contrast',
      tools: 'Language and display',
      ways: 'Where to go',
      close: 'Close',
      continue: 'Continue',
      question: 'Question {number} of {count}',
    },
    home: {
      title: 'Can the chip in your passport be read?',
      lead: 'You can set up MitID in the app with a passport or identity card that has a chip. See here whether the chip works before you begin.',
      action: 'Check your passport',
      actionNote: 'Passport or identity card. It takes a few minutes.',
      checksTitle: 'What we check',
      checks: {
        reads: 'Whether the chip answers and can be read',
        whole: 'Whether its content is unchanged since the document was made',
        valid: 'Whether the document is valid and the photo is large enough',
      },
      nothingSaved: 'Nothing is saved',
      nothingSavedNote: 'Everything is cleared when you finish.',
      neverCodes: 'Never enter your codes here',
      neverCodesNote: 'We never ask for a user ID, a password, a PIN or codes from MitID.',
      picture: 'Drawing: an open passport on the passport reader.',
    },
    documentKind: {
      title: 'What would you like to check?',
      passport: 'Passport',
      passportNote: 'Has a page with a photo and two lines of characters at its foot',
      identityCard: 'Identity card',
      identityCardNote: 'A card with a photo on the front and three lines of characters on the back',
      symbol: 'It must have the chip symbol on the front: a rectangle with a circle.',
    },
    documentNumber: {
      title: 'What is the {document, select, passport {passport} other {card}} number?',
      lead: '{document, select, passport {You find it at the top of the page with your photo, and in the bottom line.} other {You find it on the front, and in the top line on the back.}} Write < for a space or a hyphen.',
      field: 'Document number',
      erase: 'Delete a character',
      keyboard: 'Keyboard',
      picture:
        '{document, select, passport {Drawing: The number is at the top right of the photo page and at the start of the bottom line.} other {Drawing: The number is on the front of the card and in the top line on the back.}}',
    },
    dates: {
      birthYear: 'In which year were you born?',
      birthMonth: 'In which month were you born?',
      birthDay: 'On which day were you born?',
      expiryYear: 'In which year does the {document, select, passport {passport} other {card}} expire?',
      expiryMonth: 'In which month does the {document, select, passport {passport} other {card}} expire?',
      expiryDay: 'On which day does the {document, select, passport {passport} other {card}} expire?',
      birthLead: 'Enter the date as it is in the document: first the year, then the month, then the day.',
      expiryLead: 'The date is at “Date of expiry”: first the year, then the month, then the day.',
      birthField: 'Date of birth',
      expiryField: 'Date of expiry',
      year: 'Year',
      month: 'Month',
      day: 'Day',
      notStated: 'Not in the document',
      birthPicture: 'Drawing: where the date of birth is in the document.',
      expiryPicture: 'Drawing: where the date of expiry is in the document.',
    },
    entry: {
      'number-empty': 'Type the number before you continue.',
      'number-too-long': 'The number is too long. It has {limit} characters at most.',
      'number-short': 'This is a short number. Check that every character is there.',
      'letter-or-digit': 'The letter O and the digit 0 look alike. Check that you have the right one.',
      'year-incomplete': 'Type all four digits of the year.',
      'year-impossible': 'The year must begin with 19 or 20.',
      'month-missing': 'Choose a month.',
      'day-missing': 'Choose a day.',
      'no-such-day': 'There is no such day in that month.',
      'birth-in-future': 'That date has not come yet. Check that it is the date of birth.',
      'birth-too-long-ago': 'That is more than 110 years ago. Check the year.',
      'expiry-before-birth': 'The date of expiry is before the date of birth. Check both dates.',
      'expiry-too-long-ago': 'That is more than 20 years ago. Check the year.',
      'expiry-passed': 'That date has passed. You can continue if it is right.',
      'expiry-far': 'That is far in the future. You can continue if it is right.',
    },
    review: {
      title: 'Is this right?',
      lead: 'Compare it with the document, character by character. These details open the chip.',
      kind: 'Document',
      number: 'Number',
      birth: 'Date of birth',
      expiry: 'Date of expiry',
      change: 'Change',
      start: 'Yes, check the chip',
    },
    placing: {
      title:
        '{document, select, passport {Place the passport open, photo page down} other {Place the card flat on the reader}}',
      open: '{document, select, passport {Open the passport at the page with the photo} other {Take the card out of its cover}}',
      down: '{document, select, passport {Lay the photo page down on the reader} other {Lay the card on the middle of the reader}}',
      still:
        '{document, select, passport {Keep the passport still until we are done} other {Leave the card still until we are done}}',
      waiting: 'We are waiting for the document',
      nothingSaved: 'Nothing is saved. Everything is cleared when you finish.',
      picture:
        '{document, select, passport {Drawing: An open passport is turned so that the photo page lies down on the reader.} other {Drawing: A card is laid flat on the middle of the reader.}}',
    },
    progress: {
      title: '{document, select, passport {Keep the passport still} other {Leave the card still}}',
      lead: 'We are reading the chip. It usually takes less than a minute.',
      done: 'done',
      now: 'in progress',
      announce: 'Step {number} of {count}: {step}',
      steps: {
        waiting: 'Waiting for the document',
        connect: 'Finding the chip',
        access: 'Opening the chip',
        'security-object': 'Reading the chip’s signature',
        details: 'Reading the details',
        photo: 'Reading the photo',
        verify: 'Checking that nothing was changed',
      },
      bar: 'How far we are',
    },
    verdict: {
      titles: {
        ready: 'The chip can be read',
        'ready-but': 'The chip can be read, but read this first',
        'not-ready':
          'The {document, select, passport {passport} other {identity card}} is not ready for the MitID app',
        'could-not-tell': 'We could not check the chip',
      },
      reasons: {
        ready: 'What we checked',
        'ready-but': 'What you should know',
        'not-ready': 'What we found',
        'could-not-tell': 'What happened',
      },
      advice: 'What you can do now',
      allGood: {
        what: 'The chip answered, its content is unchanged, and the document is valid.',
        why: '',
      },
      take: 'Remember to take the {document, select, passport {passport} other {card}} with you.',
      again: 'Try again',
      change: 'Change the details',
    },
    reasons: {
      expired: {
        what: 'The document has expired.',
        why: 'The MitID app needs a valid passport or identity card.',
      },
      'chip-silent': {
        what: 'The chip does not answer.',
        why: 'The chip may be broken, or the document has no chip.',
      },
      'not-a-travel-document': {
        what: 'This is not the chip of a passport or identity card.',
        why: 'Perhaps another card is on the reader, for example a payment card.',
      },
      'signature-wrong': {
        what: 'The chip’s signature is not right.',
        why: 'So we cannot confirm that the content is genuine. The chip may be damaged.',
      },
      'data-altered': {
        what: 'The content of the chip has changed.',
        why: 'It is not as it was when the document was made. The chip may be damaged.',
      },
      'temporary-document': {
        what: 'This is a temporary or an emergency passport.',
        why: 'It cannot be used in the MitID app.',
      },
      'photo-unreadable': {
        what: 'The photo in the chip cannot be read.',
        why: 'The MitID app needs the photo when it scans your face.',
      },
      'details-unreadable': {
        what: 'The details in the chip cannot be read.',
        why: 'A part of the chip may be damaged.',
      },
      'security-object-unreadable': {
        what: 'The chip’s signature cannot be read.',
        why: 'So we cannot confirm that the content is genuine.',
      },
      'document-type-unsure': {
        what: 'We do not know whether the MitID app takes this kind of document.',
        why: 'It takes passports and foreign ID cards.',
      },
      'photo-small': {
        what: 'The photo in the chip is small.',
        why: 'The face scan in the app can fail with an old or small photo.',
      },
      'issuer-unknown': {
        what: 'We do not know the issuer.',
        why: 'It is not on the kiosk’s list. That does not mean that the document is wrong.',
      },
      'expires-soon': {
        what: 'The document expires soon.',
        why: 'Set up MitID before it expires.',
      },
      'under-13': {
        what: 'The holder is under {minimumAge}.',
        why: 'MitID can be had from the age of {minimumAge}.',
      },
      'under-15': {
        what: 'The holder is under {ordinaryAge}.',
        why: 'Citizen Service may have to help.',
      },
      'wrong-details': {
        what: 'The chip cannot be opened with what you typed.',
        why: 'A character in the number or a date is probably wrong.',
      },
      'moved-too-early': {
        what: 'The connection to the chip was broken.',
        why: 'The document was probably moved before we were done.',
      },
      'no-document': {
        what: 'We found no document on the reader.',
        why: 'It may have been in the wrong place, or the chip is broken.',
      },
      'reader-missing': {
        what: 'The passport reader is missing.',
        why: 'It is probably not connected. This is not your fault.',
      },
      'service-missing': {
        what: 'The passport reader does not answer.',
        why: 'The kiosk’s card service is not running. This is not your fault.',
      },
      interrupted: {
        what: 'The check was interrupted.',
        why: 'The passport reader had to start again. This is not your fault.',
      },
      'took-too-long': {
        what: 'It took too long.',
        why: 'The chip answered too slowly. Perhaps the document was not quite in place.',
      },
      'unsupported-chip': {
        what: 'The kiosk cannot read this kind of chip.',
        why: 'That says nothing about whether the MitID app can.',
      },
      'chip-error': {
        what: 'The chip answered with an error.',
        why: 'Perhaps the document was moved, or the chip is damaged.',
      },
      cancelled: {
        what: 'The check was stopped.',
        why: 'It was not completed.',
      },
      'issuer-not-checked': {
        what: 'We did not check who issued the document.',
        why: 'We only checked that its content belongs together and is unchanged.',
      },
    },
    advice: {
      'use-app':
        'Set up MitID in the app on your phone: scan the code in the document, read the chip, and scan your face.',
      'no-promise':
        'That the chip can be read here is no promise that the MitID app accepts the {document, select, passport {passport} other {card}}.',
      'renew-passport':
        'Get a new passport or identity card. A Danish passport is ordered at Citizen Service.',
      'visit-citizen-service': 'Get MitID at Citizen Service. Most centres need an appointment.',
      'check-typed-details': 'Check the number and both dates, character by character.',
      'try-again-keep-still': 'Try again, and leave the document quite still until every step is done.',
      'place-open-photo-down':
        '{document, select, passport {Place the passport open, photo page down.} other {Place the card flat on the middle of the reader.}}',
      'remove-cover': 'Take the document out of its cover if it has one.',
      'remove-other-cards': 'Take other cards and phones off the reader.',
      'look-for-chip-symbol':
        'Look for the chip symbol on the front: a rectangle with a circle. Without it, there is no chip.',
      'better-light-for-face':
        'Find good light when the app scans your face. Take off glasses, and hold the phone straight.',
      'bring-other-identification': 'Bring other valid ID, for example a Danish driving licence.',
      'ask-staff': 'Ask staff.',
      'try-again-later': 'Try again in a moment.',
      'wait-until-13': 'Come back when the holder is {minimumAge} years old.',
    },
    trouble: {
      disconnected: {
        what: 'The screen has lost its connection to the kiosk',
        why: 'It keeps trying by itself.',
        next: 'Wait a moment, or ask staff.',
      },
      connecting: 'One moment. The kiosk is starting.',
      'no-reader': {
        what: 'The passport reader is missing',
        why: 'It is probably not connected.',
        next: 'Ask staff. The kiosk notices by itself when the reader is back.',
      },
      'service-absent': {
        what: 'The passport reader does not answer',
        why: 'The kiosk’s card service is not running.',
        next: 'Ask staff. The kiosk keeps trying by itself.',
      },
      restarting: {
        what: 'The passport reader is starting again',
        why: 'This happens by itself.',
        next: 'Wait a moment.',
      },
      starting: {
        what: 'The passport reader is starting',
        why: 'This takes a few seconds.',
        next: 'Wait a moment.',
      },
      busy: {
        what: 'The kiosk is busy with another check',
        why: 'The one before has not quite ended.',
        next: 'Wait a moment, and try again.',
      },
      refused: {
        what: 'The kiosk could not start the check',
        why: 'There is a fault in the kiosk. This is not your fault.',
        next: 'Try again, or ask staff.',
      },
      interrupted: {
        what: 'The check was interrupted',
        why: 'The screen lost its connection to the kiosk.',
        next: 'Try again. What you typed is still here.',
      },
    },
    help: {
      title: 'Help from staff',
      lead: 'Ask a member of staff, or go to the counter. Touch “Clear and finish” before you leave the screen.',
      secret: 'Never show or tell anyone your password or PIN. Not even staff.',
      support: 'MitID Support',
      phone: '+45 33 98 00 10',
      hours: 'Monday to Friday 8–20. Weekends and public holidays 10–16. 24 and 31 December 10–14.',
    },
    idle: {
      title: 'Do you need more time?',
      lead: 'If not, we clear what you typed and go back to the start.',
      countdown: '{seconds, plural, one {In # second} other {In # seconds}}',
      more: 'Yes, give me more time',
    },
    demo: {
      banner: 'Demo devices',
      bannerNote: 'The documents are made up',
      open: 'Demo bench',
      title: 'Demo bench',
      lead: 'Put a made-up document on the simulated reader. Choose a fault to see what the kiosk says.',
      document: 'Document',
      fault: 'Fault',
      place: 'Put on the reader',
      remove: 'Take off the reader',
      fill: 'Fill in the details',
      present: 'There is a document on the reader.',
      absent: 'The reader is empty.',
      documents: {
        'passport-pace': 'Passport, new (PACE)',
        'passport-bac': 'Passport, older (BAC)',
        'passport-brainpool': 'Passport (brainpool)',
        'identity-card': 'Identity card',
        'passport-expired': 'Passport, expired',
        'passport-small-photo': 'Passport, small photo',
        'passport-emergency': 'Emergency passport',
      },
      faults: {
        none: 'No fault',
        dead: 'Dead chip',
        slow: 'Slow',
        torn: 'Taken away too early',
        'wrong-key': 'Wrong key',
        'not-a-passport': 'Not a passport',
        'tampered-photo': 'Changed photo',
        'tampered-signature': 'Wrong signature',
        'unknown-issuer': 'Unknown issuer',
      },
    },
  },
};

export default en;
