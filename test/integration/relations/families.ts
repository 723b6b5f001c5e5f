import type { MakeFamily } from './family.js';
import { customers, invoices, machines, orders, senders, teams } from './families/columns.js';
import { documents, vehicles } from './families/inheritance.js';
import { bookings, depots, tickets, vaults, warehouses } from './families/keys-and-names.js';
import { auditPlans, bankAccounts, costCentres } from './families/naming-strategy.js';
import {
  airports,
  bills,
  currencies,
  drivers,
  films,
  logins,
  playlists,
  profiles,
  rooms,
} from './families/other-keys.js';
import { employees, folders, members, sections } from './families/self-reference.js';
import { books, genres, lectures, tags } from './families/to-many.js';
import { capitals, citizens, comments } from './families/to-one.js';

export const families: readonly MakeFamily[] = [
  ...[citizens, capitals, comments, books, tags, genres, lectures],
  ...[employees, folders, members, sections],
  ...[documents, vehicles],
  ...[logins, profiles, films, rooms, currencies, airports, playlists, drivers, bills],
  ...[bookings, tickets, warehouses, vaults, depots],
  ...[customers, senders, machines, orders, invoices, teams],
];

/** Those of a data source with a naming strategy. */
export const renamedFamilies: readonly MakeFamily[] = [costCentres, bankAccounts, auditPlans];
