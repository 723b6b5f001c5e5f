import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Flight } from '../flights/flight.entity.js';
import { Airport } from './airport.entity.js';

const pageSize = 25;

@Injectable()
export class AirportsService {
  constructor(
    @InjectRepository(Airport) private readonly airports: Repository<Airport>,
    @InjectRepository(Flight) private readonly flights: Repository<Flight>,
  ) {}

  async page(page: number) {
    const [airports, total] = await this.airports.findAndCount({
      relations: { state: true },
      order: { iata: 'ASC' },
      skip: (page - 1) * pageSize,
      take: pageSize,
    });
    return { page, pages: Math.ceil(total / pageSize), airports };
  }

  async overview(iata: string): Promise<Airport> {
    const airport = await this.airports.findOne({
      where: { iata },
      relations: { gates: true, crew: true },
    });
    if (!airport) throw new NotFoundException(`There is no airport ${iata}`);
    return airport;
  }

  departures(iata: string): Promise<Flight[]> {
    return this.flights.find({
      where: { originIata: iata },
      relations: { destination: true },
      order: { departsAt: 'DESC', id: 'ASC' },
      take: 25,
    });
  }
}
