import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import { Airport } from '../../01-quick-start/src/airports/airport.entity.js';
import { Gate } from '../../01-quick-start/src/airports/gate.entity.js';
import { CrewMember } from '../../01-quick-start/src/crew/crew-member.entity.js';
import { DatabaseModule } from '../../01-quick-start/src/database/database.module.js';
import { Aircraft } from '../../01-quick-start/src/fleet/aircraft.entity.js';
import { Airline } from '../../01-quick-start/src/fleet/airline.entity.js';
import { MaintenanceNote } from '../../01-quick-start/src/fleet/maintenance-note.entity.js';
import { Flight } from '../../01-quick-start/src/flights/flight.entity.js';
import { State } from '../../01-quick-start/src/states/state.entity.js';
import { AfterController } from './after.controller.js';
import { BeforeController } from './before.controller.js';
import { EagerGate } from './eager-gate.entity.js';
import { CrewAfterResolver, CrewBeforeResolver } from './flights.resolver.js';

const entities = [Aircraft, Airline, Airport, CrewMember, Flight, Gate, MaintenanceNote, State, EagerGate];

@Module({
  imports: [
    QueryLensModule.forRoot({ admin: { public: true } }),
    // The database of sample 01: airports, flights and crew in an embedded PostgreSQL.
    DatabaseModule,
    TypeOrmModule.forFeature(entities),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      playground: false,
    }),
  ],
  controllers: [BeforeController, AfterController],
  providers: [CrewBeforeResolver, CrewAfterResolver],
})
export class AppModule {}
