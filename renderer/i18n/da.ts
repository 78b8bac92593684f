import type {
  Advice,
  AuthenticatorKind,
  ChipCheckStep,
  DeviceAdvice,
  DeviceAskedAbout,
  DeviceReason,
  DeviceSeen,
  DeviceVerdict,
  GuidedAnswer,
  GuidedQuestion,
  VerdictReason,
  Verdict,
  DemoSpecimen,
  demoFaults,
  demoKeys,
  demoPrinterFaults,
  demoRigFaults,
  PrinterTrouble,
} from '../../main/api/contract.js';
import type { Refusal } from '../visitor/check-in.svelte.js';
import type { QuestionPicture } from '../visitor/devices/question-pictures.js';
import type { Trouble } from '../visitor/run.js';

interface ReasonText {
  /** What happened. */
  readonly what: string;
  /** The likely cause, or what it means. */
  readonly why: string;
}

interface Explained extends ReasonText {
  /** The next step. */
  readonly next: string;
}

interface DeviceNames {
  /** After "a new". */
  readonly noun: string;
  readonly the: string;
  /** At the beginning of a sentence. */
  readonly The: string;
}

type GuidedTexts = {
  readonly [Question in GuidedQuestion]: {
    readonly title: string;
    /** What to do before answering, with each device that it is asked of. */
    readonly how: Readonly<Record<DeviceAskedAbout<Question>, string>>;
  };
};

// Texts with parameters are ICU messages. {document} is `passport` or `identity-card`; {noun}, {the} and {The} are a
// device's names.
const messages = {
  frame: {
    back: 'Tilbage',
    help: 'Hjælp',
    finish: 'Slet og afslut',
    largerText: 'Større tekst',
    normalText: 'Normal tekst',
    highContrast: 'Høj kontrast',
    normalContrast: 'Normal kontrast',
    tools: 'Sprog og visning',
    ways: 'Veje videre',
    close: 'Luk',
    continue: 'Fortsæt',
    question: 'Spørgsmål {number} af {count}',
  },
  home: {
    action: 'Tjek dit pas',
    actionNote: 'Pas eller ID-kort. Se, om chippen kan læses, før du opretter MitID.',
    device: 'Test din enhed',
    deviceNote: 'Kodeviser, kodeoplæser eller MitID chip. Se, om den virker.',
    nothingSaved: 'Intet gemmes',
    nothingSavedNote: 'Alt slettes, når du er færdig.',
    neverCodes: 'Indtast aldrig dine koder her',
    neverCodesNote: 'Vi spørger aldrig om bruger-ID, adgangskode, PIN-kode eller koder fra MitID.',
  },
  documentKind: {
    title: 'Hvad vil du tjekke?',
    passport: 'Pas',
    passportNote: 'Har en side med foto og to linjer med tegn nederst',
    identityCard: 'ID-kort',
    identityCardNote: 'Et kort med foto på forsiden og tre linjer med tegn på bagsiden',
    symbol: 'Der skal være et chipsymbol på forsiden: et rektangel med en cirkel.',
  },
  documentNumber: {
    title: 'Hvad er {document, select, passport {pasnummeret} other {kortets nummer}}?',
    lead: '{document, select, passport {Du finder det øverst på siden med dit foto og i nederste linje.} other {Du finder det på forsiden og i øverste linje på bagsiden.}} Skriv < for mellemrum og bindestreg.',
    field: 'Dokumentets nummer',
    erase: 'Slet tegn',
    keyboard: 'Tastatur',
    picture:
      '{document, select, passport {Tegning: Nummeret står øverst til højre på siden med foto og forrest i nederste linje.} other {Tegning: Nummeret står på kortets forside og i øverste linje på bagsiden.}}',
  },
  dates: {
    birthYear: 'Hvilket år er du født?',
    birthMonth: 'Hvilken måned er du født?',
    birthDay: 'Hvilken dag er du født?',
    expiryYear: 'Hvilket år udløber {document, select, passport {passet} other {kortet}}?',
    expiryMonth: 'Hvilken måned udløber {document, select, passport {passet} other {kortet}}?',
    expiryDay: 'Hvilken dag udløber {document, select, passport {passet} other {kortet}}?',
    birthLead: 'Skriv datoen, som den står i dokumentet: først år, så måned, så dag.',
    expiryLead: 'Datoen står ved “Gyldigt til” eller “Date of expiry”: først år, så måned, så dag.',
    birthField: 'Fødselsdato',
    expiryField: 'Udløbsdato',
    year: 'År',
    month: 'Måned',
    day: 'Dag',
    notStated: 'Står ikke i dokumentet',
    birthPicture: 'Tegning: Her står fødselsdatoen i dokumentet.',
    expiryPicture: 'Tegning: Her står udløbsdatoen i dokumentet.',
  },
  entry: {
    'number-empty': 'Skriv nummeret, før du fortsætter.',
    'number-too-long': 'Nummeret er for langt. Det har højst {limit} tegn.',
    'number-short': 'Det er et kort nummer. Tjek, at alle tegn er med.',
    'letter-or-digit': 'Bogstavet O og tallet 0 ligner hinanden. Tjek, at det er det rigtige.',
    'year-incomplete': 'Skriv alle fire tal i årstallet.',
    'year-impossible': 'Årstallet skal begynde med 19 eller 20.',
    'month-missing': 'Vælg en måned.',
    'day-missing': 'Vælg en dag.',
    'no-such-day': 'Den dag findes ikke i den måned.',
    'birth-in-future': 'Datoen er ikke kommet endnu. Tjek, at det er fødselsdatoen.',
    'birth-too-long-ago': 'Det er mere end 110 år siden. Tjek årstallet.',
    'expiry-before-birth': 'Udløbsdatoen ligger før fødselsdatoen. Tjek begge datoer.',
    'expiry-too-long-ago': 'Det er mere end 20 år siden. Tjek årstallet.',
    'expiry-passed': 'Den dato er passeret. Du kan godt fortsætte, hvis den er rigtig.',
    'expiry-far': 'Det er langt ude i fremtiden. Du kan godt fortsætte, hvis det er rigtigt.',
  },
  review: {
    title: 'Er det rigtigt?',
    lead: 'Sammenlign tegn for tegn med dokumentet. Oplysningerne åbner chippen.',
    kind: 'Dokument',
    number: 'Nummer',
    birth: 'Fødselsdato',
    expiry: 'Udløbsdato',
    change: 'Ret',
    start: 'Ja, tjek chippen',
  },
  placing: {
    title:
      '{document, select, passport {Læg passet åbent med billedsiden nedad} other {Læg kortet fladt på læseren}}',
    open: '{document, select, passport {Åbn passet ved siden med foto} other {Tag kortet ud af omslaget}}',
    down: '{document, select, passport {Læg billedsiden nedad på læseren} other {Læg kortet midt på læseren}}',
    still:
      '{document, select, passport {Hold passet stille, til vi er færdige} other {Lad kortet ligge stille, til vi er færdige}}',
    waiting: 'Vi venter på dokumentet',
    nothingSaved: 'Intet gemmes. Alt slettes, når du er færdig.',
    picture:
      '{document, select, passport {Tegning: Et åbent pas vendes, så siden med foto ligger nedad på læseren.} other {Tegning: Et kort lægges fladt midt på læseren.}}',
  },
  progress: {
    title: '{document, select, passport {Hold passet stille} other {Lad kortet ligge stille}}',
    lead: 'Vi læser chippen. Det tager normalt under et minut.',
    done: 'færdig',
    now: 'i gang',
    announce: 'Trin {number} af {count}: {step}',
    steps: {
      waiting: 'Venter på dokumentet',
      connect: 'Finder chippen',
      access: 'Åbner chippen',
      'security-object': 'Læser chippens underskrift',
      details: 'Læser oplysningerne',
      photo: 'Læser fotoet',
      verify: 'Tjekker, at intet er ændret',
    } satisfies Record<ChipCheckStep, string>,
    bar: 'Så langt er vi',
  },
  verdict: {
    titles: {
      ready: 'Chippen kan læses',
      'ready-but': 'Chippen kan læses, men læs dette først',
      'not-ready': '{document, select, passport {Passet} other {ID-kortet}} er ikke klar til MitID-appen',
      'could-not-tell': 'Vi kunne ikke tjekke chippen',
    } satisfies Record<Verdict['outcome'], string>,
    reasons: {
      ready: 'Det har vi tjekket',
      'ready-but': 'Det skal du vide',
      'not-ready': 'Det fandt vi',
      'could-not-tell': 'Hvad der skete',
    } satisfies Record<Verdict['outcome'], string>,
    advice: 'Det kan du gøre nu',
    allGood: {
      what: 'Chippen svarede, indholdet er uændret, og dokumentet er gyldigt.',
      why: '',
    } satisfies ReasonText,
    take: 'Husk at tage {document, select, passport {passet} other {kortet}} med dig.',
    again: 'Prøv igen',
    change: 'Ret oplysninger',
  },
  reasons: {
    expired: {
      what: 'Dokumentet er udløbet.',
      why: 'MitID-appen kræver et gyldigt pas eller ID-kort.',
    },
    'chip-silent': {
      what: 'Chippen svarer ikke.',
      why: 'Chippen kan være i stykker, eller dokumentet har ingen chip.',
    },
    'not-a-travel-document': {
      what: 'Det er ikke chippen i et pas eller ID-kort.',
      why: 'Måske ligger der et andet kort på læseren, for eksempel et betalingskort.',
    },
    'signature-wrong': {
      what: 'Chippens underskrift passer ikke.',
      why: 'Derfor kan vi ikke bekræfte, at indholdet er ægte. Chippen kan være beskadiget.',
    },
    'data-altered': {
      what: 'Indholdet i chippen er ændret.',
      why: 'Det er ikke, som da dokumentet blev lavet. Chippen kan være beskadiget.',
    },
    'temporary-document': {
      what: 'Det er et midlertidigt pas eller et nødpas.',
      why: 'Det kan ikke bruges i MitID-appen.',
    },
    'photo-unreadable': {
      what: 'Fotoet i chippen kan ikke læses.',
      why: 'MitID-appen skal bruge fotoet, når den scanner dit ansigt.',
    },
    'details-unreadable': {
      what: 'Oplysningerne i chippen kan ikke læses.',
      why: 'En del af chippen kan være beskadiget.',
    },
    'security-object-unreadable': {
      what: 'Chippens underskrift kan ikke læses.',
      why: 'Derfor kan vi ikke bekræfte, at indholdet er ægte.',
    },
    'document-type-unsure': {
      what: 'Vi ved ikke, om MitID-appen tager denne slags dokument.',
      why: 'Appen tager pas og udenlandske ID-kort.',
    },
    'photo-small': {
      what: 'Fotoet i chippen er lille.',
      why: 'Ansigtsscanningen i appen kan mislykkes med et gammelt eller lille foto.',
    },
    'issuer-unknown': {
      what: 'Vi kender ikke udstederen.',
      why: 'Udstederen er ikke på kioskens liste. Det betyder ikke, at dokumentet er forkert.',
    },
    'expires-soon': {
      what: 'Dokumentet udløber snart.',
      why: 'Opret MitID, før det udløber.',
    },
    'under-13': {
      what: 'Indehaveren er under {minimumAge} år.',
      why: 'Man kan få MitID, når man er fyldt {minimumAge} år.',
    },
    'under-15': {
      what: 'Indehaveren er under {ordinaryAge} år.',
      why: 'Måske er der brug for hjælp hos Borgerservice.',
    },
    'wrong-details': {
      what: 'Chippen kan ikke åbnes med det, du har skrevet.',
      why: 'Et tegn i nummeret eller en dato er nok forkert.',
    },
    'moved-too-early': {
      what: 'Forbindelsen til chippen blev afbrudt.',
      why: 'Dokumentet blev nok flyttet, før vi var færdige.',
    },
    'no-document': {
      what: 'Vi fandt ikke noget dokument på læseren.',
      why: 'Det lå måske forkert, eller chippen er i stykker.',
    },
    'reader-missing': {
      what: 'Paslæseren mangler.',
      why: 'Den er nok ikke tilsluttet. Det er ikke din fejl.',
    },
    'service-missing': {
      what: 'Paslæseren svarer ikke.',
      why: 'Kioskens kortprogram kører ikke. Det er ikke din fejl.',
    },
    interrupted: {
      what: 'Tjekket blev afbrudt.',
      why: 'Paslæseren måtte starte igen. Det er ikke din fejl.',
    },
    'took-too-long': {
      what: 'Det tog for lang tid.',
      why: 'Chippen svarede for langsomt. Måske lå dokumentet ikke helt rigtigt.',
    },
    'unsupported-chip': {
      what: 'Kiosken kan ikke læse denne slags chip.',
      why: 'Det siger ikke noget om, hvorvidt MitID-appen kan.',
    },
    'chip-error': {
      what: 'Chippen svarede med en fejl.',
      why: 'Måske blev dokumentet flyttet, eller chippen er beskadiget.',
    },
    cancelled: {
      what: 'Tjekket blev stoppet.',
      why: 'Det blev ikke gjort færdigt.',
    },
    'issuer-not-checked': {
      what: 'Vi har ikke tjekket, hvem der har udstedt dokumentet.',
      why: 'Vi har kun tjekket, at indholdet hænger sammen og er uændret.',
    },
  } satisfies Record<VerdictReason, ReasonText>,
  advice: {
    'use-app':
      'Opret MitID i appen på din telefon: scan koden i dokumentet, læs chippen, og scan dit ansigt.',
    'no-promise':
      'At chippen kan læses her, er ikke et løfte om, at MitID-appen godkender {document, select, passport {passet} other {kortet}}.',
    'renew-passport': 'Få et nyt pas eller ID-kort. Et dansk pas bestiller du hos Borgerservice.',
    'visit-citizen-service': 'Få MitID hos Borgerservice. De fleste steder skal du bestille tid.',
    'check-typed-details': 'Tjek nummeret og begge datoer tegn for tegn.',
    'try-again-keep-still': 'Prøv igen, og lad dokumentet ligge helt stille, til alle trin er færdige.',
    'place-open-photo-down':
      '{document, select, passport {Læg passet åbent med billedsiden nedad.} other {Læg kortet fladt midt på læseren.}}',
    'remove-cover': 'Tag et eventuelt omslag af dokumentet.',
    'remove-other-cards': 'Fjern andre kort og telefoner fra læseren.',
    'look-for-chip-symbol':
      'Se efter chipsymbolet på forsiden: et rektangel med en cirkel. Uden symbolet er der ingen chip.',
    'better-light-for-face':
      'Find et sted med godt lys, når appen scanner dit ansigt. Tag briller af, og hold telefonen lige.',
    'bring-other-identification': 'Tag anden gyldig legitimation med, for eksempel et dansk kørekort.',
    'ask-staff': 'Spørg personalet.',
    'try-again-later': 'Prøv igen om et øjeblik.',
    'wait-until-13': 'Kom igen, når indehaveren er fyldt {minimumAge} år.',
  } satisfies Record<Advice, string>,
  trouble: {
    disconnected: {
      what: 'Skærmen har mistet forbindelsen til kiosken',
      why: 'Den prøver selv igen hele tiden.',
      next: 'Vent et øjeblik, eller spørg personalet.',
    },
    unknownAddress: {
      what: 'Kiosken kender ikke denne adresse',
      why: 'Adressen mangler den nøgle, som kiosken laver ved hver start, eller nøglen er fra en tidligere start.',
      next: 'Åbn den adresse, som kiosken skriver, når den starter.',
    },
    connecting: 'Et øjeblik. Kiosken er ved at starte.',
    'no-reader': {
      what: 'Paslæseren mangler',
      why: 'Den er nok ikke tilsluttet.',
      next: 'Spørg personalet. Kiosken opdager selv, når læseren er tilbage.',
    },
    'service-absent': {
      what: 'Paslæseren svarer ikke',
      why: 'Kioskens kortprogram kører ikke.',
      next: 'Spørg personalet. Kiosken prøver selv igen.',
    },
    restarting: {
      what: 'Paslæseren starter igen',
      why: 'Det sker af sig selv.',
      next: 'Vent et øjeblik.',
    },
    starting: {
      what: 'Paslæseren er ved at starte',
      why: 'Det tager nogle sekunder.',
      next: 'Vent et øjeblik.',
    },
    busy: {
      what: 'Kiosken er i gang med et andet tjek',
      why: 'Det forrige tjek er ikke helt slut.',
      next: 'Vent et øjeblik, og prøv igen.',
    },
    refused: {
      what: 'Kiosken kunne ikke starte tjekket',
      why: 'Der er en fejl i kiosken. Det er ikke din fejl.',
      next: 'Prøv igen, eller spørg personalet.',
    },
    interrupted: {
      what: 'Tjekket blev afbrudt',
      why: 'Skærmen mistede forbindelsen til kiosken.',
      next: 'Prøv igen. Det, du har skrevet, er her endnu.',
    },
  },
  device: {
    never: 'Indtast aldrig dine koder her, og sig dem ikke højt.',
    readAloud: 'Læs højt',
    stopReading: 'Stop oplæsning',
    cannotSpeak: 'Kiosken kan ikke læse højt lige nu. Bed personalet om at læse for dig.',
    names: {
      'code-display': { noun: 'kodeviser', the: 'kodeviseren', The: 'Kodeviseren' },
      'audio-code-reader': { noun: 'kodeoplæser', the: 'kodeoplæseren', The: 'Kodeoplæseren' },
      'mitid-chip': { noun: 'MitID chip', the: 'chippen', The: 'Chippen' },
    } satisfies Record<AuthenticatorKind, DeviceNames>,
    choice: {
      title: 'Hvilken enhed vil du teste?',
      'code-display': { name: 'Kodeviser', note: 'Den lille med et display og en knap.' },
      'audio-code-reader': { name: 'Kodeoplæser', note: 'Ligner en lommeregner. Den læser cifrene op.' },
      'mitid-chip': { name: 'MitID chip', note: 'Den sættes i et USB-stik eller holdes på læseren.' },
    },
    rig: {
      title: 'Læg kodeviseren i holderen',
      place: 'Læg den som på tegningen, med knappen til venstre',
      leave: 'Lad den ligge. Kiosken trykker selv på knappen',
      long: 'Testen kan tage et kvarter eller mere, for der skal komme mange nye koder. Du kan stoppe, når du vil.',
      waiting: 'Vi venter på kodeviseren',
      questions: 'Svar på spørgsmål i stedet',
      picture: 'Tegning: Kodeviseren ligger i holderen med knappen til venstre. En stift trykker på knappen.',
      running: 'Lad kodeviseren ligge',
      steps: {
        connect: 'Vi gør klar',
        button: 'Vi trykker på knappen og ser efter lys',
        codes: 'Vi ser, om hver streg i displayet tænder og slukker',
      },
      codes: '{codes, plural, =0 {Ingen koder endnu} one {# kode indtil nu} other {# koder indtil nu}}',
      unseen: 'Kiosken gemmer ikke koderne og viser dem ikke. Den ser kun, om stregerne virker.',
      bar: 'Så langt er testen',
      stop: 'Stop her, og se resultatet',
      stopping: 'Et øjeblik. Vi gør resultatet klar.',
      cancel: 'Afbryd testen',
      leaving: {
        title: 'Vil du forlade testen?',
        lead: 'Testen er i gang. Forlader du den, får du ikke noget resultat.',
        stay: 'Fortsæt testen',
        leave: 'Forlad testen uden resultat',
      },
    },
    chip: {
      title: 'Sæt chippen i USB-stikket, eller læg den på læseren',
      titleUsb: 'Sæt chippen i USB-stikket',
      plug: 'I USB-stikket: Sæt chippen helt ind',
      hold: 'På læseren: Læg chippen midt på, og lad den ligge stille',
      press: 'Tryk ikke på chippens knap, når den ligger på læseren',
      waiting: 'Vi venter på chippen',
      picture: 'Tegning: Chippen sættes i et USB-stik eller lægges på læseren.',
      pictureUsb: 'Tegning: Chippen sættes i et USB-stik.',
      running: 'Lad chippen blive, hvor den er',
      lead: 'Vi spørger chippen, om den svarer. Det tager få sekunder. Måske blinker den.',
      asking: 'Vi spørger chippen',
      unseen: 'Vi læser ikke, hvem chippen tilhører, og vi logger ikke ind.',
    },
    answers: { yes: 'Ja', no: 'Nej', unsure: 'Ved ikke' } satisfies Record<GuidedAnswer, string>,
    choose: 'Svar ja, nej eller ved ikke.',
    questions: {
      'lights-up': {
        title: 'Tænder displayet?',
        how: {
          'code-display': 'Tryk på knappen til venstre.',
          'audio-code-reader': 'Tryk på den røde knap nederst til højre. Du kan føle en prik på den.',
        },
      },
      'six-digits': {
        title: 'Viser den 6 cifre?',
        how: {
          'code-display': 'Tryk på knappen, og tæl cifrene i displayet.',
          'audio-code-reader': 'Tryk på den røde knap, og tæl cifrene. Du kan se dem eller høre dem.',
        },
      },
      'digits-whole': {
        title: 'Er alle cifre hele og tydelige?',
        how: { 'code-display': 'Se efter streger, der mangler eller er svage.' },
      },
      'new-code': {
        title: 'Kommer der en ny kode?',
        how: {
          'code-display': 'Vent lidt, til koden skifter, og tryk på knappen igen. Er cifrene andre end før?',
          'audio-code-reader':
            'Vent lidt, til koden skifter, og tryk på den røde knap igen. Lyt: Er cifrene andre end før? Sig dem ikke højt, og vis dem ikke til nogen.',
        },
      },
      'hears-digits': {
        title: 'Kan du høre cifrene?',
        how: { 'audio-code-reader': 'Tryk på den røde knap, og lyt. Brug gerne høretelefoner i stikket.' },
      },
      'volume-changes': {
        title: 'Kan du ændre lydstyrken?',
        how: { 'audio-code-reader': 'Brug den røde knap sammen med tasten for lydstyrke.' },
      },
      replays: {
        title: 'Læser den cifrene op igen?',
        how: { 'audio-code-reader': 'Brug den røde knap sammen med 0.' },
      },
      'language-changes': {
        title: 'Kan du skifte sprog?',
        how: { 'audio-code-reader': 'Brug den røde knap sammen med tasten for sprog.' },
      },
      blocked: {
        title: 'Har du fået besked om, at den er spærret for altid?',
        how: {
          'code-display':
            'Efter tre forkerte koder i træk er den kun spærret i kort tid. Det går over af sig selv.',
          'audio-code-reader': 'Så har MitID Support eller Borgerservice sagt det til dig.',
        },
      },
    } satisfies GuidedTexts,
    pictures: {
      button: 'Tegning: Kodeviserens knap sidder til venstre.',
      'button-again': 'Tegning: Et ur, der går, og kodeviserens knap til venstre.',
      display: 'Tegning: Kodeviserens display med plads til seks cifre.',
      digits: 'Tegning: Et helt ciffer og et ciffer, hvor en streg mangler.',
      'code-display': 'Tegning: En kodeviser med en knap til venstre og et display.',
      red: 'Tegning: Kodeoplæserens røde knap sidder nederst til højre og har en prik.',
      'red-again': 'Tegning: Et ur, der går, og kodeoplæserens røde knap nederst til højre.',
      screen: 'Tegning: Kodeoplæserens store display med plads til seks cifre.',
      listen: 'Tegning: Kodeoplæserens røde knap nederst til højre og høretelefoner i stikket øverst.',
      'red-zero': 'Tegning: Kodeoplæserens røde knap nederst til højre og tasten 0 ved siden af.',
      'red-keys': 'Tegning: Kodeoplæserens røde knap nederst til højre og tasterne 1 til 9.',
      'audio-code-reader':
        'Tegning: En kodeoplæser med et stort display, taster og en rød knap nederst til højre.',
    } satisfies Record<QuestionPicture, string>,
    sending: 'Et øjeblik. Vi gør resultatet klar.',
    verdict: {
      titles: {
        works: '{The} virker',
        failing: '{The} virker, men der er noget galt',
        replace: '{The} skal skiftes',
        'could-not-tell': 'Vi kan ikke sige, om {the} virker',
      } satisfies Record<DeviceVerdict['outcome'], string>,
      reasons: {
        works: 'Det har vi testet',
        failing: 'Det skal du vide',
        replace: 'Det fandt vi',
        'could-not-tell': 'Hvad der skete',
      } satisfies Record<DeviceVerdict['outcome'], string>,
      allGood: {
        rig: 'Knappen virker, alle streger i displayet virker, og der kommer nye koder.',
        questions: 'Du har svaret, at det hele virker.',
        unsure: 'Du fandt ingen fejl.',
      },
      unsure: 'Du vidste ikke, {open}.',
      open: {
        'lights-up': 'om displayet tænder',
        'six-digits': 'om den viser 6 cifre',
        'digits-whole': 'om alle cifre er hele og tydelige',
        'new-code': 'om der kommer en ny kode',
        'hears-digits': 'om du kan høre cifrene',
        'volume-changes': 'om du kan ændre lydstyrken',
        replays: 'om den læser cifrene op igen',
        'language-changes': 'om du kan skifte sprog',
        blocked: 'om den er spærret for altid',
      } satisfies Record<GuidedQuestion, string>,
      strokeByAnswer: {
        what: 'En streg i et ciffer mangler eller er svag.',
        why: 'Så kan et ciffer ligne et andet, og du kan taste forkert.',
      },
      soFar: 'Det nåede vi at se:',
      seen: {
        'button-works': 'Knappen virker.',
        'new-codes': 'Der kommer nye koder.',
        'no-fault': 'Vi så ingen fejl i {codes, plural, one {# kode} other {# koder}}.',
      } satisfies Record<DeviceSeen, string>,
      byAnswers: 'Resultatet bygger på dine svar. Kiosken har ikke selv målt noget.',
      sure: 'Testet med {codes, plural, one {# kode} other {# koder}}. Vi er {percent} % sikre på, at alle streger virker.',
      codes: 'Testet med {codes, plural, one {# kode} other {# koder}}.',
      winked: 'Chippen blinkede, da vi bad den om det.',
      over: { usb: 'Den svarede i USB-stikket.', nfc: 'Den svarede på læseren.' },
      unknown: 'Kun MitID kan vide, om {the} er din og er aktiv, og om koderne er rigtige.',
      questions: 'Svar på spørgsmål i stedet',
      take: 'Husk at tage {the} med dig.',
      demo: 'Testet med demoudstyr',
      noNumber: 'Du kan ikke få et nummer her lige nu. Spørg personalet, eller bestil tid hos Borgerservice.',
      callIfRefused: 'Hvis MitID ikke godtager den, så ring til MitID Support: 33\u00a098\u00a000\u00a010.',
    },
    reasons: {
      'does-not-light-up': {
        what: 'Displayet tænder ikke.',
        why: 'Knappen eller displayet er i stykker, eller batteriet er tomt. Udefra kan vi ikke se hvilket.',
      },
      'segment-dead': {
        what: 'En streg i et ciffer tænder aldrig.',
        why: 'Så kan et ciffer ligne et andet, og du kan taste forkert.',
      },
      'segment-stuck': {
        what: 'En streg i et ciffer slukker aldrig.',
        why: 'Så kan et ciffer ligne et andet, og du kan taste forkert.',
      },
      'digit-missing': {
        what: 'Der mangler et eller flere cifre.',
        why: 'En kode har altid seks cifre.',
      },
      'no-new-codes': {
        what: 'Der kommer ikke nye koder.',
        why: '{The} skal vise en ny kode efter lidt tid.',
      },
      'button-dead': {
        what: 'Knappen virker ikke.',
        why: 'Vi trykkede flere gange, og der skete ikke noget.',
      },
      'battery-empty': { what: 'Batteriet er tomt.', why: 'Et batteri holder cirka 10 år.' },
      'no-sound': { what: 'Du kan ikke høre cifrene.', why: 'Du svarede, at du ikke hører dem.' },
      'permanently-blocked': {
        what: '{The} er spærret for altid.',
        why: 'Så skal du have en ny.',
      },
      'chip-silent': { what: 'Chippen svarer ikke.', why: 'Den er der, men den er måske i stykker.' },
      'segment-weak': { what: 'En streg i et ciffer er svag.', why: 'Den bliver nok sværere at se.' },
      'segment-slow': {
        what: 'En streg i et ciffer tænder langsomt.',
        why: 'Vent, til alle cifre er tydelige, før du læser dem.',
      },
      'display-dim': { what: 'Displayet er svagt.', why: 'Cifrene kan være svære at læse.' },
      'button-sometimes': {
        what: 'Knappen virker kun nogle gange.',
        why: 'Du må måske trykke mere end én gang.',
      },
      'new-codes-irregular': {
        what: 'Nye koder kommer ujævnt.',
        why: 'Uret i {the} går måske forkert.',
      },
      'battery-low': { what: 'Batteriet er næsten tomt.', why: 'Et batteri holder cirka 10 år.' },
      'volume-fixed': { what: 'Lydstyrken kan ikke ændres.', why: 'Måske virker tasterne ikke.' },
      'replay-fails': { what: 'Den læser ikke cifrene op igen.', why: 'Måske virker tasterne ikke.' },
      'language-fixed': { what: 'Sproget kan ikke skiftes.', why: 'Måske virker tasterne ikke.' },
      'too-few-codes': {
        what: 'Testen stoppede for tidligt.',
        why: 'Der kom for få koder til, at vi kan sige det med sikkerhed.',
      },
      'answers-unsure': {
        what: 'Du var i tvivl om et eller flere svar.',
        why: 'Så kan der ikke siges noget sikkert.',
      },
      'no-device': {
        what: 'Vi fandt ikke noget i holderen.',
        why: 'Måske lå {the} ikke helt rigtigt.',
      },
      'device-removed': {
        what: '{The} blev fjernet, før vi var færdige.',
        why: 'Den skal blive, hvor den er, til testen er færdig.',
      },
      'rig-missing': {
        what: 'Kiosken har ingen holder til test.',
        why: 'Du kan svare på spørgsmål i stedet.',
      },
      'rig-trouble': { what: 'Holderen virker ikke lige nu.', why: 'Det er ikke din fejl.' },
      'not-calibrated': {
        what: 'Holderen er ikke indstillet endnu.',
        why: 'Det er ikke din fejl. Du kan svare på spørgsmål i stedet.',
      },
      'key-missing': {
        what: 'Vi fandt ingen chip.',
        why: 'Måske sad eller lå den ikke helt rigtigt.',
      },
      'not-a-key': {
        what: 'Det er ikke en MitID chip.',
        why: 'Måske ligger der et kort eller noget andet på læseren.',
      },
      'key-busy': {
        what: 'Chippen er optaget.',
        why: 'Måske venter den på noget andet. Tag den ud, og sæt den i igen.',
      },
      'key-protocol': {
        what: 'Chippen svarede noget, vi ikke forstår.',
        why: 'Måske blev den flyttet, eller den er en anden slags.',
      },
      'reader-missing': {
        what: 'Læseren mangler.',
        why: 'Den er nok ikke tilsluttet. Det er ikke din fejl.',
      },
      'service-missing': {
        what: 'Kiosken kan ikke spørge chippen lige nu.',
        why: 'Et af kioskens programmer svarer ikke. Det er ikke din fejl.',
      },
      'took-too-long': { what: 'Det tog for lang tid.', why: 'Testen blev ikke færdig.' },
      interrupted: {
        what: 'Testen blev afbrudt.',
        why: 'Kioskens udstyr måtte starte igen. Det er ikke din fejl.',
      },
      cancelled: { what: 'Testen blev stoppet.', why: 'Den blev ikke gjort færdig.' },
      'chip-answers': { what: 'Chippen svarer.', why: 'Den virker, så vidt en kiosk kan se.' },
      'owner-not-checked': {
        what: 'Vi ved ikke, om chippen er din, eller om den er aktiv.',
        why: 'Det kan kun MitID se.',
      },
    } satisfies Record<DeviceReason, ReasonText>,
    advice: {
      'use-it': 'Brug den, som du plejer.',
      'order-new-soon': 'Bestil snart en ny {noun}. Spær først den gamle, når den nye er aktiv.',
      'order-new': 'Bestil en ny {noun}. Personalet kan hjælpe dig.',
      'first-three-free': 'De første tre, du bestiller, er gratis.',
      'activate-in-app-or-here': 'Aktivér den nye i MitID-appen eller hos Borgerservice.',
      'block-the-old-one':
        'Spær den gamle. Det kan du selv gøre, eller ring til MitID Support: 33\u00a098\u00a000\u00a010.',
      'keep-it-to-yourself': 'Lån den aldrig ud, og del den ikke med andre.',
      'use-the-questions': 'Svar på spørgsmål i stedet.',
      'try-again': 'Prøv igen.',
      'place-in-rig': 'Læg den i holderen med knappen til venstre.',
      'hold-on-reader': 'Læg chippen midt på læseren, og lad den ligge stille.',
      'do-not-press-button': 'Tryk ikke på chippens knap, når den ligger på læseren.',
      'plug-in-usb': 'Sæt chippen helt ind i USB-stikket.',
      'change-battery-not-possible': 'Åbn den ikke selv. Spørg personalet om batteriet.',
      'visit-citizen-service': 'Spørg personalet, eller bestil tid hos Borgerservice.',
      'ask-staff': 'Spørg personalet.',
      'call-support': 'Ring til MitID Support: 33\u00a098\u00a000\u00a010.',
    } satisfies Record<DeviceAdvice, string>,
    trouble: {
      busy: {
        what: 'Kiosken er i gang med en anden test',
        why: 'Den forrige test er ikke helt slut.',
        next: 'Vent et øjeblik, og prøv igen.',
      },
      refused: {
        what: 'Kiosken kunne ikke starte testen',
        why: 'Der er en fejl i kiosken. Det er ikke din fejl.',
        next: 'Prøv igen, eller spørg personalet.',
      },
      interrupted: {
        what: 'Testen blev afbrudt',
        why: 'Skærmen mistede forbindelsen til kiosken.',
        next: 'Prøv igen, eller spørg personalet.',
      },
    } satisfies Record<Trouble, Explained>,
  },
  help: {
    title: 'Hjælp fra personalet',
    lead: 'Spørg en medarbejder, eller gå hen til skranken. Tryk på “Slet og afslut”, før du går fra skærmen.',
    secret:
      'Vis aldrig din adgangskode eller PIN-kode til nogen, og sig den ikke højt. Heller ikke til personalet.',
    support: 'MitID Support',
    phone: '33 98 00 10',
    hours: 'Mandag til fredag kl. 8–20. Weekend og helligdage kl. 10–16. 24. og 31. december kl. 10–14.',
  },
  idle: {
    title: 'Har du brug for mere tid?',
    lead: 'Ellers rydder vi skærmen og går tilbage til start.',
    countdown: '{seconds, plural, one {Om # sekund} other {Om # sekunder}}',
    more: 'Ja, giv mig mere tid',
  },
  queue: {
    welcome: 'Velkommen. Hvad kommer du for?',
    action: 'Tjek ind eller træk et nummer',
    actionNote: 'Har du bestilt tid, tjekker du ind. Ellers får du et nummer i køen.',
    booked: {
      title: 'Har du bestilt tid?',
      yes: 'Ja, jeg har en tid',
      yesNote: 'Tjek ind med din kode eller dit tidspunkt.',
      no: 'Nej, jeg har ingen tid',
      noNote: 'Vælg, hvad du kommer for, og få et nummer.',
    },
    code: {
      title: 'Hvad er din bookingkode?',
      lead: 'Den står i bekræftelsen på din tid. Du kan også scanne koden, hvis kiosken har en scanner.',
      field: 'Bookingkode',
      without: 'Jeg har ikke koden',
      short: 'Koden er for kort. Den har mindst {limit} tegn.',
      never: 'Det er ikke en kode fra MitID. Skriv aldrig koder fra MitID her.',
    },
    bookedService: 'Hvad har du bestilt tid til?',
    services: {
      title: 'Hvad kommer du for?',
      none: 'Et øjeblik. Vi henter listen.',
    },
    hour: 'Hvilken time er din tid?',
    hourLead: 'Vælg det tal, der står før kolon. Er din tid kl. 10:15, vælger du 10.',
    minute: 'Hvilket minut er din tid?',
    minuteLead: 'Vælg det tal, der står efter kolon. Er din tid kl. 10:15, vælger du 15.',
    closed: {
      'opens-later': 'Åbner kl. {time}',
      'closed-today': 'Lukket i dag',
      'over-for-today': 'Slut for i dag',
      full: 'Ikke flere numre i dag',
      paused: 'Lukket lige nu. Spørg personalet.',
    },
    opensNext: '{closed}. Åbner {day} kl. {time}',
    wait: 'Ca. ventetid: {from}–\u2060{to}\u00a0min.',
    waitAtMost: 'Ventetid: højst {to} min.',
    waitHours: 'Ca. ventetid: {from}–\u2060{to}\u00a0timer',
    waitMixed: 'Ca. ventetid: {from}\u00a0min. til {to}\u00a0timer',
    waitAtMostHours: 'Ventetid: højst {to} timer',
    waitShort: 'Ventetid: under {limit} min.',
    waitUnknown: 'Ventetiden kendes ikke',
    sending: 'Et øjeblik. Vi finder dit nummer.',
    ticket: {
      title: 'Dit nummer er',
      ahead: '{ahead, plural, =0 {Ingen foran dig} one {# foran dig} other {# foran dig}}',
      appointment: 'Din tid er kl. {time}',
      called: 'Hold øje med tavlen. Der står dit nummer og din skranke, når du bliver kaldt op.',
      follow: 'Scan koden med din telefon, og følg dit nummer.',
      qr: 'QR-kode til at følge dit nummer på en telefon',
      printing: { what: 'Din billet bliver printet', next: 'Vent et øjeblik.' },
      printed: { what: 'Tag din billet', next: 'Den ligger ved printeren.' },
      notPrinted: 'Din billet kom ikke ud',
      counts: 'Nummeret på skærmen gælder. Husk det, eller skriv det ned.',
      unknown: 'Fik du din billet?',
      yes: 'Ja',
      no: 'Nej',
      thanks: { what: 'Godt', next: 'Gem din billet, til du bliver kaldt op.' },
      still: {
        what: 'Dit nummer gælder stadig',
        next: 'Husk nummeret på skærmen. Du kan printe igen eller spørge personalet.',
      },
      again: 'Print igen',
      done: 'Når du trykker på “Slet og afslut”, ryddes skærmen. Du beholder dit nummer.',
      why: {
        'no-printer': 'Kiosken har ingen printer.',
        'not-connected': 'Printeren er ikke tilsluttet.',
        silent: 'Printeren svarer ikke.',
        'paper-out': 'Der er ikke mere papir.',
        'cover-open': 'Printerens låg står åbent.',
        'cutter-jam': 'Printerens kniv sidder fast.',
        offline: 'Printeren er slået fra.',
        'ticket-waiting': 'Der sidder en anden billet i printeren.',
        error: 'Printeren melder fejl.',
        starting: 'Printeren er ved at starte.',
      } satisfies Record<PrinterTrouble, string>,
    },
    refusals: {
      unknown: {
        what: 'Vi kan ikke finde din tid i dag',
        why: 'Måske er der en skrivefejl, eller tiden er en anden dag eller et andet sted.',
        next: 'Tjek bekræftelsen, og prøv igen, eller spørg personalet.',
      },
      'too-early': {
        what: 'Det er for tidligt at tjekke ind',
        why: 'Din tid er kl. {time}. Du kan tjekke ind fra kl. {from}.',
        next: 'Kom tilbage kl. {from}.',
      },
      'too-late': {
        what: 'Det er for sent at tjekke ind',
        why: 'Din tid var kl. {time}.',
        next: 'Spørg personalet, eller træk et nummer.',
      },
      already: {
        what: 'Du er allerede tjekket ind',
        why: 'Dit nummer er {label}.',
        next: 'Hold øje med tavlen. Spørg personalet, hvis det ikke var dig.',
      },
      'code-needed': {
        what: 'Vi skal bruge din bookingkode',
        why: 'Flere har bestilt tid til det samme på det tidspunkt.',
        next: 'Skriv koden fra din bekræftelse, eller spørg personalet.',
      },
      away: {
        what: 'Der kan ikke gives numre lige nu',
        why: 'Kiosken har ikke forbindelse til køen. Det er ikke din fejl.',
        next: 'Gå hen til skranken, eller prøv igen om lidt.',
      },
      'too-many': {
        what: 'Der er brugt for mange forsøg på kort tid',
        why: 'Kiosken holder en lille pause.',
        next: 'Vent et par minutter, og prøv igen, eller spørg personalet.',
      },
      'not-open': {
        what: 'Der er ikke åbent for numre til det',
        why: 'Det har lige ændret sig.',
        next: 'Vælg noget andet, eller spørg personalet.',
      },
      lost: {
        what: 'Vi ved ikke, om du fik et nummer',
        why: 'Skærmen mistede forbindelsen til kiosken.',
        next: 'Kig efter en billet i printeren. Er der ingen, så spørg personalet.',
      },
      failed: {
        what: 'Kiosken kunne ikke give et nummer',
        why: 'Der er en fejl i kiosken. Det er ikke din fejl.',
        next: 'Prøv igen, eller spørg personalet.',
      },
    } satisfies Record<Refusal['kind'], Explained>,
    takeNumber: 'Træk et nummer',
    staff: 'Personale',
  },
  phone: {
    number: 'Dit nummer',
    ahead: '{ahead, plural, =0 {Ingen foran dig} one {# foran dig} other {# foran dig}}',
    waiting: 'Du venter i køen',
    soon: 'Det er snart din tur',
    called: 'Gå til {counter}',
    calledNote: 'Du er kaldt op nu.',
    serving: 'Du er ved {counter}',
    early: 'Du er tjekket ind til kl. {time}',
    earlyNote: 'Du kommer i køen, når din tid nærmer sig.',
    parked: 'Dit nummer er sat på pause',
    parkedNote: 'Personalet kalder dig op igen. Spørg, hvis du er i tvivl.',
    noShow: 'Dit nummer er kaldt op, men ingen kom',
    noShowNote: 'Gå til skranken, og spørg personalet. De kan tage nummeret ind igen.',
    over: 'Denne billet er slut',
    overNote: 'Nummeret er ikke længere i køen. Spørg personalet, hvis det er forkert.',
    unreachable:
      'Vi kan ikke få fat i kiosken siden kl. {time}. Hold øje med tavlen. Siden prøver selv igen.',
    starting: 'Vi henter dit nummer',
    fault: 'Siden er gået i stå. Dit nummer gælder stadig. Hold øje med tavlen.',
    restart: 'Hent nummeret igen',
    note: 'Tavlen i lokalet gælder. Siden opdaterer sig selv, og intet gemmes på din telefon.',
  },
  demo: {
    banner: 'Demoudstyr',
    bannerNote: 'Dokumenter, enheder og billetter er opdigtede',
    open: 'Demobord',
    title: 'Demobord',
    lead: 'Læg et opdigtet dokument på den simulerede læser. Vælg en fejl for at se, hvad kiosken siger.',
    document: 'Dokument',
    fault: 'Fejl',
    place: 'Læg på læseren',
    remove: 'Tag af læseren',
    fill: 'Udfyld oplysningerne',
    present: 'Der ligger noget på læseren.',
    absent: 'Læseren er tom.',
    documents: {
      'passport-pace': 'Pas, nyt (PACE)',
      'passport-bac': 'Pas, ældre (BAC)',
      'passport-brainpool': 'Pas (brainpool)',
      'identity-card': 'ID-kort',
      'passport-expired': 'Pas, udløbet',
      'passport-small-photo': 'Pas, lille foto',
      'passport-emergency': 'Nødpas',
    } satisfies Record<DemoSpecimen['document'], string>,
    faults: {
      none: 'Ingen fejl',
      dead: 'Død chip',
      slow: 'Langsom',
      torn: 'Fjernes for tidligt',
      'wrong-key': 'Forkert nøgle',
      'not-a-passport': 'Ikke et pas',
      'tampered-photo': 'Ændret foto',
      'tampered-signature': 'Forkert underskrift',
      'unknown-issuer': 'Ukendt udsteder',
    } satisfies Record<(typeof demoFaults)[number], string>,
    printer: 'Printer',
    paper: 'Kom ud af printeren',
    noPaper: 'Der er ikke kommet noget ud endnu.',
    look: 'Vis papiret',
    printerFaults: {
      none: 'Ingen fejl',
      'paper-low': 'Lidt papir',
      'paper-out': 'Intet papir',
      'paper-out-midway': 'Papiret slutter midt i',
      'cover-open': 'Låget er åbent',
      'cutter-jam': 'Kniven sidder fast',
      offline: 'Slået fra',
      silent: 'Svarer ikke',
      'silent-after-print': 'Tier efter næste billet',
      slow: 'Langsom',
      unplugged: 'Stikket er ude',
    } satisfies Record<(typeof demoPrinterFaults)[number], string>,
    rig: 'Kodeviseren i riggen',
    rigFaults: {
      none: 'Ingen fejl',
      'no-device': 'Ingen kodeviser i riggen',
      'dead-segment': 'Dødt segment',
      'weak-segment': 'Svagt segment',
      'stuck-segment': 'Segment slukker ikke',
      'slow-segment': 'Langsomt segment',
      'missing-digit': 'Et ciffer mangler',
      dim: 'Svag skærm',
      dark: 'Tænder ikke',
      'button-broken': 'Knappen virker ikke',
      'button-sometimes': 'Knappen virker af og til',
      'no-new-codes': 'Ingen nye koder',
      'battery-low': 'Lidt batteri',
      'device-removed': 'Tages ud for tidligt',
      noise: 'Riggen: støj på linjen',
      reboot: 'Riggen: starter forfra',
      'wrong-baud-rate': 'Riggen: forkert hastighed',
      silent: 'Riggen: svarer ikke',
      'self-test-fails': 'Riggen: dumper selvtesten',
      unplugged: 'Riggen: stikket er ude',
    } satisfies Record<(typeof demoRigFaults)[number], string>,
    keyInUsb: 'MitID chip i USB',
    noKey: 'Ingen',
    keyForReader: 'MitID chip til læseren',
    placeKey: 'Læg chippen på læseren',
    keys: {
      ctap2: 'Chip, nyere (CTAP2)',
      'u2f-only': 'Chip, ældre (U2F)',
      silent: 'Svarer ikke',
      torn: 'Fjernes for tidligt',
      'not-a-key': 'Ikke en chip',
      'protocol-error': 'Svarer forkert',
    } satisfies Record<(typeof demoKeys)[number], string>,
  },
};

export type Messages = typeof messages;

export default { code: 'da', locale: 'da-DK', name: 'Dansk', direction: 'ltr', messages } as const;
