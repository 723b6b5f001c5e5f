import { Controller, Get } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Airport } from '../../01-quick-start/src/airports/airport.entity.js';
import { CrewMember } from '../../01-quick-start/src/crew/crew-member.entity.js';
import { Aircraft } from '../../01-quick-start/src/fleet/aircraft.entity.js';
import { Flight } from '../../01-quick-start/src/flights/flight.entity.js';
import { State } from '../../01-quick-start/src/states/state.entity.js';
import { EagerGate } from './eager-gate.entity.js';

/** Relations as they are often loaded. What QueryLens says of each is in the README. */
@Controller('before')
export class BeforeController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** A lazy relation, read for each aircraft of a list. */
  @Get('lazy')
  async lazy() {
    const fleet = await this.dataSource.manager.find(Aircraft, { order: { id: 'ASC' }, take: 20 });
    const sheets = [];
    for (const { tailNumber, maintenanceNotes } of fleet)
      sheets.push({ tailNumber, notes: (await maintenanceNotes).length });
    return sheets;
  }

  /** An eager relation that nobody reads here. */
  @Get('eager')
  async eager() {
    const gates = await this.dataSource.manager.find(EagerGate, { where: { airportIata: 'ATL' } });
    return gates.map(({ name }) => name);
  }

  /** The row that each flight's foreign key points to, one by one. */
  @Get('join')
  async join() {
    const { manager } = this.dataSource;
    const late = [];
    for (const { id, originIata } of await manager.find(Flight, {
      order: { delayMinutes: 'DESC', id: 'ASC' },
      take: 25,
    })) {
      const origin = await manager.findOneByOrFail(Airport, { iata: originIata });
      late.push({ flight: id, from: origin.city });
    }
    return late;
  }

  /** Two collections of one airport, joined side by side. */
  @Get('query')
  query() {
    return this.dataSource.manager.findOne(Airport, {
      where: { iata: 'ATL' },
      relations: { gates: true, crew: true },
    });
  }

  /** By hand: the crew of each base. */
  @Get('manual')
  async manual() {
    const { manager } = this.dataSource;
    const bases = [];
    for (const { iata } of await manager.find(Airport, {
      where: { stateCode: 'NV' },
      order: { iata: 'ASC' },
    })) {
      const captains = await manager.findBy(CrewMember, { baseIata: iata, role: 'Captain' });
      bases.push({ iata, captains: captains.length });
    }
    return bases;
  }

  /** A relation that is selected, and serves the condition only. */
  @Get('select')
  async select() {
    const flights = await this.dataSource.manager
      .createQueryBuilder(Flight, 'flight')
      .innerJoinAndSelect('flight.origin', 'origin')
      .where('origin.stateCode = :state', { state: 'HI' })
      .orderBy('flight.id')
      .take(20)
      .getMany();
    return flights.map(({ id, delayMinutes }) => ({ id, delayMinutes }));
  }

  /** A count for each state. */
  @Get('count')
  async count() {
    const { manager } = this.dataSource;
    const counts = [];
    for (const { code } of await manager.find(State, { order: { code: 'ASC' } }))
      counts.push({ code, airports: await manager.countBy(Airport, { stateCode: code }) });
    return counts;
  }

  /** A page by `limit`, which counts joined rows: the last crew member loses flights. */
  @Get('paginate')
  paginate() {
    return this.dataSource.manager
      .createQueryBuilder(CrewMember, 'member')
      .leftJoinAndSelect('member.flights', 'flight')
      .where('member.baseIata = :base', { base: 'ATL' })
      .orderBy('member.id')
      .limit(20)
      .getMany();
  }
}
