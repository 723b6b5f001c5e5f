import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { Airport } from '../airports/airport.entity.js';
import { Gate } from '../airports/gate.entity.js';
import { CrewMember } from '../crew/crew-member.entity.js';
import { Aircraft } from '../fleet/aircraft.entity.js';
import { Airline } from '../fleet/airline.entity.js';
import { MaintenanceNote } from '../fleet/maintenance-note.entity.js';
import { Flight } from '../flights/flight.entity.js';
import { State } from '../states/state.entity.js';
import { readOperationsData } from './operations-data.js';

const rowsPerInsert = 500;

@Injectable()
export class SeedService implements OnModuleInit {
  private readonly logger = new Logger(SeedService.name);

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async onModuleInit(): Promise<void> {
    const data = await readOperationsData();
    await this.dataSource.transaction(async (manager) => {
      await this.insert(manager, State, 'states', data.states);
      await this.insert(manager, Airport, 'airports', data.airports);
      await this.insert(manager, Gate, 'gates', data.gates);
      await this.insert(manager, Airline, 'airlines', data.airlines);
      await this.insert(manager, Aircraft, 'aircraft', data.aircraft);
      await this.insert(manager, MaintenanceNote, 'maintenance notes', data.notes);
      await this.insert(manager, CrewMember, 'crew members', data.crew);
      await this.insert(manager, Flight, 'flights', data.flights);
      await this.insert(manager, 'flight_crew', 'crew assignments', data.flightCrew);
    });
    await this.dataSource.query('ANALYZE');
  }

  private async insert<Row extends ObjectLiteral>(
    manager: EntityManager,
    target: EntityTarget<Row>,
    label: string,
    rows: readonly QueryDeepPartialEntity<Row>[],
  ): Promise<void> {
    for (let from = 0; from < rows.length; from += rowsPerInsert) {
      const chunk = rows.slice(from, from + rowsPerInsert);
      await manager.createQueryBuilder().insert().into(target).values(chunk).updateEntity(false).execute();
    }
    this.logger.log(`${rows.length.toLocaleString('en-US')} ${label}`);
  }
}
