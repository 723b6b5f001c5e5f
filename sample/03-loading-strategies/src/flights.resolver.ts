import { Injectable, Scope } from '@nestjs/common';
import { Field, Int, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { InjectDataSource } from '@nestjs/typeorm';
import { createRelationLoader } from 'nestjs-query-lens/graphql';
import { DataSource } from 'typeorm';
import type { CrewMember } from '../../01-quick-start/src/crew/crew-member.entity.js';
import { Flight } from '../../01-quick-start/src/flights/flight.entity.js';

@ObjectType()
class Member {
  @Field()
  name!: string;
}

@ObjectType()
class FlightBefore {
  @Field(() => Int)
  id!: number;

  @Field(() => [Member])
  crew!: Member[];
}

@ObjectType()
class FlightAfter extends FlightBefore {}

const page = { order: { id: 'ASC' }, take: 30 } as const;

/** The crew of each flight of a response, one statement for each. */
@Resolver(() => FlightBefore)
export class CrewBeforeResolver {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Query(() => [FlightBefore])
  flightsBefore(): Promise<Flight[]> {
    return this.dataSource.manager.find(Flight, page);
  }

  @ResolveField()
  crew(@Parent() flight: Flight): Promise<CrewMember[]> {
    return this.dataSource.manager
      .createQueryBuilder()
      .relation(Flight, 'crew')
      .of(flight)
      .loadMany<CrewMember>();
  }
}

/** All of a response with one statement. The loader lives as long as the request. */
@Resolver(() => FlightAfter)
@Injectable({ scope: Scope.REQUEST })
export class CrewAfterResolver {
  private readonly crews;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    this.crews = createRelationLoader(dataSource, Flight, 'crew');
  }

  @Query(() => [FlightAfter])
  flightsAfter(): Promise<Flight[]> {
    return this.dataSource.manager.find(Flight, page);
  }

  @ResolveField()
  crew(@Parent() flight: Flight): Promise<CrewMember[]> {
    return this.crews.load(flight);
  }
}
