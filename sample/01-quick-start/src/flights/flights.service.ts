import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThanOrEqual, Repository } from 'typeorm';
import { Airport } from '../airports/airport.entity.js';
import { Flight } from './flight.entity.js';

@Injectable()
export class FlightsService {
  constructor(
    @InjectRepository(Flight) private readonly flights: Repository<Flight>,
    @InjectRepository(Airport) private readonly airports: Repository<Airport>,
  ) {}

  async mostDelayed() {
    const flights = await this.flights.find({ order: { delayMinutes: 'DESC', id: 'ASC' }, take: 40 });
    return Promise.all(
      flights.map(async (flight) => {
        const origin = await this.airports.findOneBy({ iata: flight.originIata });
        return {
          flight: flight.id,
          departsAt: flight.departsAt,
          delayMinutes: flight.delayMinutes,
          from: `${origin!.name}, ${origin!.city}`,
        };
      }),
    );
  }

  search(originIata: string, minDelay: number): Promise<Flight[]> {
    return this.flights.find({
      where: { originIata, delayMinutes: MoreThanOrEqual(minDelay) },
      relations: { crew: true, destination: true },
      relationLoadStrategy: 'query',
      order: { departsAt: 'ASC', id: 'ASC' },
      take: 20,
    });
  }

  async statuses(ids: number[]) {
    const flights = await this.flights.findBy({ id: In(ids) });
    const airports = await this.airports.findBy({
      iata: In(flights.map((flight) => flight.destinationIata)),
    });
    const cities = new Map(airports.map((airport) => [airport.iata, airport.city]));
    return flights.map(({ id, delayMinutes, destinationIata }) => ({
      id,
      to: cities.get(destinationIata),
      status: delayMinutes > 15 ? `${delayMinutes} minutes late` : 'on time',
    }));
  }

  export(): Promise<Flight[]> {
    return this.flights.find({ order: { id: 'ASC' } });
  }

  async findOne(id: number): Promise<Flight> {
    const flight = await this.flights.findOne({
      where: { id },
      relations: { origin: true, destination: true },
    });
    if (!flight) throw new NotFoundException(`There is no flight ${id}`);
    return flight;
  }

  async estimatedArrival(id: number): Promise<Date> {
    const flight = await this.findOne(id);
    const minutesInTheAir = 30 + flight.distanceMiles / 8;
    return new Date(flight.departsAt.getTime() + (flight.delayMinutes + minutesInTheAir) * 60_000);
  }
}
