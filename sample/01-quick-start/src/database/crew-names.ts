const firstNames =
  'Ada Ben Carla Dev Elena Femi Grace Hugo Ines Jonas Keiko Liam Mara Nils Olga Priya Quinn Rosa Sam Tara'.split(
    ' ',
  );
const lastNames =
  'Abbott Baker Castro Dunn Ekholm Fischer Garcia Haddad Ito Jensen Kaya Lopez Moreau Novak Okafor Park Reyes Silva Tanaka Weber Young'.split(
    ' ',
  );

/** The name of the n-th crew member: every first name with every last name, in turn. */
export function crewName(index: number): string {
  const first = firstNames[index % firstNames.length];
  const last = lastNames[Math.floor(index / firstNames.length) % lastNames.length];
  return `${first} ${last}`;
}
