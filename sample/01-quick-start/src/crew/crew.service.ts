import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CrewMember } from './crew-member.entity.js';

@Injectable()
export class CrewService {
  constructor(@InjectRepository(CrewMember) private readonly crew: Repository<CrewMember>) {}

  roster(base: string): Promise<CrewMember[]> {
    return this.crew
      .createQueryBuilder('member')
      .leftJoinAndSelect('member.flights', 'flight')
      .where('member.baseIata = :base', { base })
      .orderBy('member.name')
      .limit(20)
      .getMany();
  }
}
