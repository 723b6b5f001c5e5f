import { crewName } from './crew-names.js';
import { parseCsv, readDataset } from './read-dataset.js';
import { stateNames } from './state-names.js';

const notesPerAircraft = 20;
const notAirlines = new Set(['BUSINESS', 'MILITARY', 'PRIVATELY OWNED', 'UNKNOWN']);
const roles = ['Captain', 'First officer', 'Flight attendant', 'Flight attendant'];

/** Plain rows, ready to insert. Airports, flights, airlines, models and notes are real; the rest follows from them. */
export async function readOperationsData() {
  const [airportsCsv, flightsJson, strikesCsv] = await Promise.all(
    ['airports.csv', 'flights-20k.json', 'birdstrikes.csv'].map(readDataset),
  );
  const airports = readAirports(airportsCsv!);
  const trips = JSON.parse(flightsJson!) as Trip[];
  const { airlines, aircraft, notes } = readFleet(strikesCsv!);
  const departures = countBy(trips, (trip) => trip.origin);
  const crew = staff(departures);
  return {
    states: Object.entries(stateNames).map(([code, name]) => ({ code, name })),
    airports,
    gates: buildGates(departures),
    airlines,
    aircraft,
    notes,
    crew,
    flights: trips.map((trip, index) => readFlight(trip, index, aircraft.length)),
    flightCrew: trips.flatMap((trip, index) => assignCrew(index, crew.length)),
  };
}

interface Trip {
  date: string;
  delay: number;
  distance: number;
  origin: string;
  destination: string;
}

function readAirports(csv: string) {
  return parseCsv(csv).map((row) => ({
    iata: row['iata']!,
    name: row['name']!,
    city: row['city']!,
    stateCode: row['state']!,
    latitude: Number(row['latitude']),
    longitude: Number(row['longitude']),
  }));
}

/** Bird strikes of airlines become the maintenance notes of their aircraft, at most 20 for one tail. */
function readFleet(csv: string) {
  const strikes = parseCsv(csv).filter((row) => !notAirlines.has(row['Aircraft Airline Operator']!));
  const airlines = [...new Set(strikes.map((row) => row['Aircraft Airline Operator']!))].map(
    (name, index) => ({
      id: index + 1,
      name,
    }),
  );
  const airlineIds = new Map(airlines.map(({ id, name }) => [name, id]));
  const aircraft: { id: number; tailNumber: string; model: string; airlineId: number }[] = [];
  const newest = new Map<string, { id: number; notes: number }>();
  const notes = strikes.map((row, index) => {
    const model = row['Aircraft Make Model']!;
    const airlineId = airlineIds.get(row['Aircraft Airline Operator']!)!;
    let plane = newest.get(`${airlineId} ${model}`);
    if (plane === undefined || plane.notes === notesPerAircraft) {
      plane = { id: aircraft.length + 1, notes: 0 };
      newest.set(`${airlineId} ${model}`, plane);
      aircraft.push({ id: plane.id, tailNumber: `N${1000 + plane.id}Q`, model, airlineId });
    }
    plane.notes += 1;
    return {
      id: index + 1,
      reportedOn: row['Flight Date']!,
      phase: row['Phase of flight']!,
      damage: row['Effect Amount of damage']!,
      species: row['Wildlife Species']!,
      costDollars: Number(row['Cost Total $']),
      aircraftId: plane.id,
    };
  });
  return { airlines, aircraft, notes };
}

/** One gate for every 30 departures of the quarter. */
function buildGates(departures: Map<string, number>) {
  return [...departures].flatMap(([airportIata, count]) =>
    Array.from({ length: Math.ceil(count / 30) }, (_, index) => ({ name: `${index + 1}`, airportIata })),
  );
}

/** One crew member for every 15 departures of their base. */
function staff(departures: Map<string, number>) {
  return [...departures]
    .flatMap(([baseIata, count]) => Array.from({ length: Math.ceil(count / 15) }, () => baseIata))
    .map((baseIata, index) => ({
      id: index + 1,
      name: crewName(index),
      role: roles[index % roles.length]!,
      baseIata,
    }));
}

function readFlight(trip: Trip, index: number, fleetSize: number) {
  return {
    id: index + 1,
    departsAt: new Date(`${trip.date.replaceAll('/', '-').replace(' ', 'T')}:00Z`),
    delayMinutes: trip.delay,
    distanceMiles: trip.distance,
    originIata: trip.origin,
    destinationIata: trip.destination,
    aircraftId: (index % fleetSize) + 1,
  };
}

/** Two crew members for each flight, taken in turn. */
function assignCrew(flightIndex: number, crewSize: number) {
  return [0, 1].map((seat) => ({
    flightsId: flightIndex + 1,
    crewMembersId: ((flightIndex * 2 + seat) % crewSize) + 1,
  }));
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
