import type { AccessFact, CheckProgress, ChipFacts, SecurityObjectFact } from '../../drivers/emrtd/types.js';
import type { Verdict } from '../api/contract.js';
import type { CheckEnd } from '../devices/types.js';
import { placeOfFault } from '../program-fault.js';

export const exitStatus = {
  ready: 0,
  notReady: 1,
  couldNotTell: 2,
  nothingThere: 3,
  badArguments: 64,
} as const;

/** The status with which `run` ends. Where it fails by a fault of the program's own, nothing is known of the document. */
export async function exitStatusAfter(
  run: () => Promise<number>,
  complain: (line: string) => void,
): Promise<number> {
  try {
    return await run();
  } catch (fault) {
    const { error, at } = placeOfFault(fault);
    complain(`chip-check failed: ${error}, at ${at}`);
    return exitStatus.couldNotTell;
  }
}

export function exitStatusOf(end: CheckEnd, verdict: Verdict): number {
  if (end.kind === 'stopped') {
    const nothingThere: readonly string[] = ['no-reader', 'no-card', 'service-unavailable'];
    if (nothingThere.includes(end.fault.kind)) return exitStatus.nothingThere;
  }
  switch (verdict.outcome) {
    case 'ready':
    case 'ready-but':
      return exitStatus.ready;
    case 'not-ready':
      return exitStatus.notReady;
    case 'could-not-tell':
      return exitStatus.couldNotTell;
  }
}

const stepWords: Readonly<Record<CheckProgress['step'], string>> = {
  waiting: 'waiting for a document',
  connect: 'connecting to the chip',
  access: 'access control',
  'security-object': 'reading the security object',
  details: 'reading the details',
  photo: 'reading the photo',
  verify: 'verifying',
};

export function describeStep(step: CheckProgress['step']): string {
  return `… ${stepWords[step]}`;
}

/** The facts as a technician reads them: one line each. */
export function describeEnd(end: CheckEnd): readonly string[] {
  switch (end.kind) {
    case 'facts':
      return describeFacts(end.facts);
    case 'stopped': {
      const status = end.fault.kind === 'protocol-error' && end.fault.status;
      return [
        line(
          'Stopped',
          `${end.fault.kind}${status ? ` (status ${status})` : ''}, during: ${stepWords[end.during]}`,
        ),
        line('Cost', describeCost(end.cost)),
      ];
    }
    case 'host-lost':
      return [line('Stopped', 'the driver host died; a new one was started')];
    case 'timed-out':
      return [line('Stopped', 'nothing moved for too long; the driver host was replaced')];
  }
}

export function describeVerdict({ outcome, reasons, advice }: Verdict): readonly string[] {
  return [
    line('Verdict', outcome),
    ...(reasons.length === 0 ? [] : [line('Reasons', reasons.join(', '))]),
    ...(advice.length === 0 ? [] : [line('Advice', advice.join(', '))]),
    'A good read here does not promise that the MitID app accepts the document.',
  ];
}

function line(name: string, text: string): string {
  return `${name.padEnd(16)}${text}`;
}

function describeFacts({ access, extendedLength, files, details, photo, securityObject, cost }: ChipFacts) {
  return [
    line('Access', describeAccess(access)),
    line('Length', extendedLength ? 'extended' : 'short'),
    ...files.map(({ file, outcome, bytes }) => line(file, outcome === 'read' ? `${bytes} bytes` : outcome)),
    line('Details', describeDetails(details)),
    line(
      'Photo',
      photo.kind === 'unreadable'
        ? 'unreadable'
        : `${photo.width} × ${photo.height} px ${photo.format}, ${photo.bytes} bytes, ${photo.container}, faces: ${photo.faces}`,
    ),
    ...describeSecurityObject(securityObject),
    line('Cost', describeCost(cost)),
  ];
}

function describeAccess(access: AccessFact): string {
  switch (access.protocol) {
    case 'bac':
      return `BAC, 3DES${access.afterPaceFailed ? ' (PACE failed before)' : ''}`;
    case 'pace':
      return `PACE, ${access.mapping} mapping, ${access.keyAgreement} ${access.curve}, ${access.cipher}, password: ${access.password}`;
  }
}

function describeDetails(details: ChipFacts['details']): string {
  if (details.kind === 'unreadable') return 'unreadable';
  const { format, documentCode, issuingState, checkDigitsRight, matches } = details;
  const differing = [
    ...(matches.documentNumber ? [] : ['number']),
    ...(matches.birthDate ? [] : ['birth']),
    ...(matches.expiryDate ? [] : ['expiry']),
  ];
  const typed = differing.length === 0 ? 'as typed' : `differs from what was typed: ${differing.join(', ')}`;
  const digits = checkDigitsRight ? 'check digits right' : 'check digits wrong';
  return `${format}, ${documentCode}, issued by ${issuingState}, ${digits}, ${typed}`;
}

function describeSecurityObject(object: SecurityObjectFact): readonly string[] {
  if (object.kind === 'unreadable') return [line('Security object', 'unreadable')];
  const { ldsVersion, digest, hashes, signature, signer, issuer } = object;
  const parts = [
    signature.outcome,
    signature.algorithm,
    signature.hash,
    signature.curve,
    signature.explicitParameters === true ? 'explicit parameters' : undefined,
    signature.keyBits === undefined ? undefined : `${signature.keyBits} bits`,
    signature.weaknesses.length === 0 ? undefined : `weak: ${signature.weaknesses.join(', ')}`,
  ];
  return [
    line('Security object', `LDS version ${ldsVersion}, ${digest}`),
    line('Hashes', hashes.map(({ dataGroup, outcome }) => `DG${dataGroup} ${outcome}`).join(', ')),
    line('Signature', parts.filter((part) => part !== undefined).join(', ')),
    line('Signer', `${signer.country ?? 'no country'}, ${signer.notBefore} to ${signer.notAfter}`),
    line('Issuer', issuer),
  ];
}

function describeCost({
  commands,
  bytesSent,
  bytesReceived,
  elapsedMs,
  transportMs,
}: ChipFacts['cost']): string {
  const time = `${Math.round(elapsedMs)} ms (${Math.round(transportMs)} ms waiting for the chip)`;
  return `${commands} APDUs, ${bytesSent} bytes out, ${bytesReceived} bytes in, ${time}`;
}
