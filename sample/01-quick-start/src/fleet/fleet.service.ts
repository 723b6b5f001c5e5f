import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { Aircraft } from './aircraft.entity.js';
import { Flight } from '../flights/flight.entity.js';
import type { MaintenanceNote } from './maintenance-note.entity.js';

export interface MaintenanceSheet {
  tailNumber: string;
  model: string;
  airline: string;
  repairs: number;
  lastNote: MaintenanceNote | undefined;
}

@Injectable()
export class FleetService {
  constructor(@InjectRepository(Aircraft) private readonly aircraft: Repository<Aircraft>) {}

  async maintenance(airlineId: number): Promise<MaintenanceSheet[]> {
    const fleet = await this.aircraft.find({
      where: { airlineId },
      relations: { airline: true },
      order: { tailNumber: 'ASC' },
      take: 30,
    });
    const sheets: MaintenanceSheet[] = [];
    for (const aircraft of fleet) {
      const notes = await aircraft.maintenanceNotes;
      sheets.push({
        tailNumber: aircraft.tailNumber,
        model: aircraft.model,
        airline: aircraft.airline.name,
        repairs: notes.filter((note) => note.costDollars > 0).length,
        lastNote: notes.at(-1),
      });
    }
    return sheets;
  }

  /** How much each aircraft flew, and when it did last. */
  use(airlineId: number): Promise<object[]> {
    return this.aircraft
      .createQueryBuilder('aircraft')
      .select('aircraft.tailNumber', 'tailNumber')
      .addSelect((query) => flightsOfAircraft(query).select('COUNT(*)::int'), 'flights')
      .addSelect((query) => flightsOfAircraft(query).select('MAX(flight.departsAt)'), 'lastFlightAt')
      .where('aircraft.airlineId = :airlineId', { airlineId })
      .orderBy('aircraft.tailNumber')
      .limit(30)
      .getRawMany();
  }

  async markInspected(airlineId: number, inspectedOn: string): Promise<{ inspected: number }> {
    const fleet = await this.aircraft.find({ where: { airlineId }, order: { tailNumber: 'ASC' }, take: 20 });
    for (const aircraft of fleet) {
      aircraft.inspectedOn = inspectedOn;
      await this.aircraft.save(aircraft);
    }
    return { inspected: fleet.length };
  }
}

function flightsOfAircraft(query: SelectQueryBuilder<ObjectLiteral>) {
  return query.from(Flight, 'flight').where('flight.aircraftId = aircraft.id');
}
