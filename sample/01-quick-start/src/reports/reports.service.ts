import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Aircraft } from '../fleet/aircraft.entity.js';
import { MaintenanceNote } from '../fleet/maintenance-note.entity.js';
import { Flight } from '../flights/flight.entity.js';

@Injectable()
export class ReportsService {
  constructor(
    @InjectRepository(Flight) private readonly flights: Repository<Flight>,
    @InjectRepository(Aircraft) private readonly aircraft: Repository<Aircraft>,
  ) {}

  async operations() {
    const crew = await this.crewWorkload();
    const fleet = await this.fleetUse();
    const tightConnections = await this.tightConnections();
    return { crew, fleet, tightConnections };
  }

  lastStrikes() {
    return this.aircraft
      .createQueryBuilder('aircraft')
      .select('aircraft.tailNumber', 'tailNumber')
      .addSelect(
        (query) =>
          query
            .select('MAX(note.reportedOn)')
            .from(MaintenanceNote, 'note')
            .where('note.aircraftId = aircraft.id'),
        'lastStrikeOn',
      )
      .orderBy('"lastStrikeOn"', 'DESC')
      .limit(50)
      .getRawMany();
  }

  cancellations() {
    return this.flights.query(
      'SELECT "originIata", COUNT(*) AS cancelled FROM flights WHERE "cancelledAt" IS NOT NULL GROUP BY "originIata"',
    );
  }

  private crewWorkload() {
    return this.flights
      .createQueryBuilder('flight')
      .innerJoin('flight.crew', 'member')
      .innerJoin('member.base', 'base')
      .select('base.name', 'base')
      .addSelect(`date_trunc('week', flight.departsAt)`, 'week')
      .addSelect('COUNT(DISTINCT member.id)::int', 'crew')
      .addSelect('COUNT(DISTINCT flight.id)::int', 'flights')
      .addSelect('percentile_cont(0.9) WITHIN GROUP (ORDER BY flight.delayMinutes)', 'delayMinutes')
      .groupBy('base.name')
      .addGroupBy('week')
      .orderBy('flights', 'DESC')
      .limit(50)
      .getRawMany();
  }

  private fleetUse() {
    return this.flights
      .createQueryBuilder('flight')
      .innerJoin('flight.crew', 'member')
      .innerJoin('flight.aircraft', 'aircraft')
      .innerJoin('aircraft.airline', 'airline')
      .select('airline.name', 'airline')
      .addSelect('aircraft.model', 'model')
      .addSelect(`date_trunc('week', flight.departsAt)`, 'week')
      .addSelect('COUNT(DISTINCT aircraft.id)::int', 'aircraft')
      .addSelect('COUNT(DISTINCT member.id)::int', 'crew')
      .addSelect('percentile_cont(0.5) WITHIN GROUP (ORDER BY flight.distanceMiles)', 'distanceMiles')
      .groupBy('airline.name')
      .addGroupBy('aircraft.model')
      .addGroupBy('week')
      .orderBy('crew', 'DESC')
      .limit(50)
      .getRawMany();
  }

  private tightConnections() {
    return this.flights
      .createQueryBuilder('late')
      .innerJoin(Flight, 'next', 'next.originIata = late.destinationIata')
      .select('late.destinationIata', 'hub')
      .addSelect('COUNT(*)::int', 'connections')
      .where('late.delayMinutes > 30')
      .andWhere(
        `next.departsAt BETWEEN late.departsAt + interval '1 hour' AND late.departsAt + interval '3 hours'`,
      )
      .groupBy('late.destinationIata')
      .orderBy('connections', 'DESC')
      .limit(20)
      .getRawMany();
  }
}
