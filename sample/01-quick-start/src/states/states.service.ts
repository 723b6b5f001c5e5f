import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Airport } from '../airports/airport.entity.js';
import { State } from './state.entity.js';

export interface StateSummary {
  code: string;
  name: string;
  airports: number;
}

@Injectable()
export class StatesService {
  constructor(
    @InjectRepository(State) private readonly states: Repository<State>,
    @InjectRepository(Airport) private readonly airports: Repository<Airport>,
  ) {}

  async summaries(): Promise<StateSummary[]> {
    const states = await this.states.find({ order: { name: 'ASC' } });
    const summaries: StateSummary[] = [];
    for (const { code, name } of states) {
      const airports = await this.airports.countBy({ stateCode: code });
      summaries.push({ code, name, airports });
    }
    return summaries;
  }
}
