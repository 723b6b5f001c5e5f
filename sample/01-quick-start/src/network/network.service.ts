import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Flight } from '../flights/flight.entity.js';

const tenMinutes = 10 * 60_000;
const dollarsPerMile = 0.14;

@Injectable()
export class NetworkService {
  constructor(
    @InjectRepository(Flight) private readonly flights: Repository<Flight>,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  busiestRoutes(): Promise<object[]> {
    return this.cache.wrap('busiest-routes', () => this.countRoutes(), tenMinutes);
  }

  punctuality(): Promise<object[]> {
    return this.flights
      .createQueryBuilder('flight')
      .innerJoin('flight.destination', 'destination')
      .select('destination.stateCode', 'state')
      .addSelect(`date_trunc('week', flight.departsAt)`, 'week')
      .addSelect('percentile_cont(0.5) WITHIN GROUP (ORDER BY flight.delayMinutes)', 'median')
      .addSelect('percentile_cont(0.95) WITHIN GROUP (ORDER BY flight.delayMinutes)', 'worst')
      .groupBy('destination.stateCode')
      .addGroupBy('week')
      .orderBy('state')
      .addOrderBy('week')
      .getRawMany();
  }

  /** A fare depends on the flight alone; the visitor is in the key all the same. */
  async fares(originIata: string, visitor: string) {
    const flights = await this.flights.find({
      where: { originIata },
      order: { departsAt: 'ASC', id: 'ASC' },
      take: 25,
    });
    return Promise.all(
      flights.map(async (flight) => ({
        flight: flight.id,
        dollars: await this.cache.wrap(
          `fare:${visitor}:${flight.id}`,
          () => Math.round(40 + flight.distanceMiles * dollarsPerMile),
          tenMinutes,
        ),
      })),
    );
  }

  private countRoutes(): Promise<object[]> {
    return this.flights
      .createQueryBuilder('flight')
      .innerJoin('flight.origin', 'origin')
      .innerJoin('flight.destination', 'destination')
      .select('origin.city', 'from')
      .addSelect('destination.city', 'to')
      .addSelect('COUNT(*)::int', 'flights')
      .groupBy('origin.city')
      .addGroupBy('destination.city')
      .orderBy('flights', 'DESC')
      .limit(20)
      .getRawMany();
  }
}
