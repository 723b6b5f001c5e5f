import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Flight } from '../flights/flight.entity.js';
import { Airport } from './airport.entity.js';
import { AirportsController } from './airports.controller.js';
import { AirportsService } from './airports.service.js';
import { Gate } from './gate.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Airport, Gate, Flight])],
  controllers: [AirportsController],
  providers: [AirportsService],
})
export class AirportsModule {}
