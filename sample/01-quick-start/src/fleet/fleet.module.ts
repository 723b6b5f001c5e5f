import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Aircraft } from './aircraft.entity.js';
import { Airline } from './airline.entity.js';
import { FleetController } from './fleet.controller.js';
import { FleetService } from './fleet.service.js';
import { MaintenanceNote } from './maintenance-note.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Airline, Aircraft, MaintenanceNote])],
  controllers: [FleetController],
  providers: [FleetService],
})
export class FleetModule {}
