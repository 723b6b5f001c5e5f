import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { QueryLensModule } from 'nestjs-query-lens';
import { AirportsModule } from './airports/airports.module.js';
import { CrewModule } from './crew/crew.module.js';
import { DatabaseModule } from './database/database.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { FlightsModule } from './flights/flights.module.js';
import { NetworkModule } from './network/network.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { StatesModule } from './states/states.module.js';

@Module({
  imports: [
    QueryLensModule.forRoot({
      admin: { public: true, allowActions: true },
      // The database has no connection besides the application's own, and nobody whom a locked table would hurt.
      investigate: { mode: 'on-request', borrowConnection: true, trialIndexes: true },
      verifyAdvice: { mode: 'on-request', borrowConnection: true },
    }),
    CacheModule.register({ isGlobal: true }),
    DatabaseModule,
    AirportsModule,
    StatesModule,
    FleetModule,
    FlightsModule,
    CrewModule,
    NetworkModule,
    ReportsModule,
  ],
})
export class AppModule {}
