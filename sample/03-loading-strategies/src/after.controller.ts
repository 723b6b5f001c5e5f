import { Controller, Get } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, In } from 'typeorm';
import { Airport } from '../../01-quick-start/src/airports/airport.entity.js';
import { CrewMember } from '../../01-quick-start/src/crew/crew-member.entity.js';
import { Aircraft } from '../../01-quick-start/src/fleet/aircraft.entity.js';
import { Flight } from '../../01-quick-start/src/flights/flight.entity.js';
import { State } from '../../01-quick-start/src/states/state.entity.js';
import { EagerGate } from './eager-gate.entity.js';

/** The same answers, loaded as QueryLens advises. */
@Controller('after')
export class AfterController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get('lazy')
  async lazy() {
    const fleet = await this.dataSource.manager.find(Aircraft, {
      order: { id: 'ASC' },
      take: 20,
      relations: { maintenanceNotes: true },
      relationLoadStrategy: 'query',
    });
    return Promise.all(
      fleet.map(async ({ tailNumber, maintenanceNotes }) => ({
        tailNumber,
        notes: (await maintenanceNotes).length,
      })),
    );
  }

  @Get('eager')
  async eager() {
    const gates = await this.dataSource.manager.find(EagerGate, {
      where: { airportIata: 'ATL' },
      loadEagerRelations: false,
    });
    return gates.map(({ name }) => name);
  }

  @Get('join')
  async join() {
    const flights = await this.dataSource.manager.find(Flight, {
      order: { delayMinutes: 'DESC', id: 'ASC' },
      take: 25,
      relations: { origin: true },
    });
    return flights.map(({ id, origin }) => ({ flight: id, from: origin.city }));
  }

  @Get('query')
  query() {
    return this.dataSource.manager.findOne(Airport, {
      where: { iata: 'ATL' },
      relations: { gates: true, crew: true },
      relationLoadStrategy: 'query',
    });
  }

  @Get('manual')
  async manual() {
    const { manager } = this.dataSource;
    const airports = await manager.find(Airport, { where: { stateCode: 'NV' }, order: { iata: 'ASC' } });
    const captains = await manager.findBy(CrewMember, {
      baseIata: In(airports.map(({ iata }) => iata)),
      role: 'Captain',
    });
    return airports.map(({ iata }) => ({
      iata,
      captains: captains.filter(({ baseIata }) => baseIata === iata).length,
    }));
  }

  @Get('select')
  async select() {
    const flights = await this.dataSource.manager
      .createQueryBuilder(Flight, 'flight')
      .innerJoin('flight.origin', 'origin')
      .where('origin.stateCode = :state', { state: 'HI' })
      .orderBy('flight.id')
      .take(20)
      .getMany();
    return flights.map(({ id, delayMinutes }) => ({ id, delayMinutes }));
  }

  @Get('count')
  async count() {
    const { manager } = this.dataSource;
    const states = await manager.find(State, { order: { code: 'ASC' } });
    const rows = await manager
      .createQueryBuilder(Airport, 'airport')
      .select('airport.stateCode', 'key')
      .addSelect('COUNT(*)', 'count')
      .where('airport.stateCode IN (:...keys)', { keys: states.map(({ code }) => code) })
      .groupBy('airport.stateCode')
      .getRawMany<{ key: string; count: string }>();
    const counts = new Map(rows.map(({ key, count }) => [key, Number(count)]));
    return states.map(({ code }) => ({ code, airports: counts.get(code) ?? 0 }));
  }

  @Get('paginate')
  paginate() {
    return this.dataSource.manager
      .createQueryBuilder(CrewMember, 'member')
      .leftJoinAndSelect('member.flights', 'flight')
      .where('member.baseIata = :base', { base: 'ATL' })
      .orderBy('member.id')
      .take(20)
      .getMany();
  }
}
